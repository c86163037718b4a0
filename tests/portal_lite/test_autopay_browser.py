"""The page of saved cards in a real Chromium: the frame, by keyboard, read by axe."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from services.links.pages import PaymentLinks
from services.payments.model import Method
from services.storage.base import new_id
from tests.portal_lite.stand import AMOUNT, BILLS, Stand
from tests.portal_lite.test_autopay_pages import Household
from tests.portal_lite.test_browser import browser, check, page, tab_to  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_a_card_is_typed_in_the_frame_by_keyboard(stand: Stand, page: Page) -> None:  # noqa: F811
    household = Household(stand)
    await household.agree()
    await page.goto(household.url)
    await check(page)
    frame = page.frame_locator("#card-place iframe")
    await frame.locator("#number").focus()
    for value in ("4242424242424242", "Rosa Martinez", "12", "40", "123"):
        await page.keyboard.type(value)
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator(".done")).to_contain_text("Tarjeta guardada", timeout=15_000)
    await check(page)
    await tab_to(page, "Quitar el pago automático")
    await page.keyboard.press("Enter")
    await expect(page.locator(".done")).to_contain_text("ya no se cobra nada solo")
    await page.emulate_media(color_scheme="dark")
    await page.goto(household.url + "?letra=grande")
    await check(page)


async def test_a_wrong_card_is_said_and_another_can_be_typed(stand: Stand, page: Page) -> None:  # noqa: F811
    household = Household(stand)
    await household.agree()
    await page.goto(household.url)
    frame = page.frame_locator("#card-place iframe")
    values = {"number": "4242424242424241", "name": "Rosa Martinez", "month": "12", "year": "40", "cvc": "123"}
    for name, value in values.items():
        await frame.locator(f"#{name}").fill(value)
    await frame.get_by_role("button").click()
    await expect(page.locator("#card-trouble")).to_contain_text("La tarjeta no pasó")
    await frame.locator("#number").fill("4242424242424242")
    await frame.get_by_role("button").click()
    await expect(page.locator(".done")).to_contain_text("Tarjeta guardada", timeout=15_000)


async def test_the_list_of_payments_is_readable_and_reached_by_keyboard(stand: Stand, page: Page) -> None:  # noqa: F811
    household = Household(stand)
    await household.agree()
    for contract, method in (("0048213", Method.CASH), ("455123", Method.SPEI), ("819627", Method.CARD)):
        await stand.payments.create_reference(household.contact, contract, method, AMOUNT, BILLS, new_id())
    await page.goto(household.url)
    await page.get_by_role(
        "link", name="Pagos hechos en este chat"
    ).focus()  # beyond the frame, which keeps its own focus
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Pagos hechos en este chat")
    await check(page)
    span = page.get_by_role("navigation", name="Desde cuándo").locator("a[aria-current]")
    await tab_to(page, "3 meses")
    await page.keyboard.press("Enter")
    await expect(span).to_have_text("3 meses")
    await tab_to(page, "termina en 5123")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("navigation", name="Contrato").locator("a[aria-current]")).to_have_text(
        "termina en 5123"
    )
    await expect(span).to_have_text("3 meses")
    await page.emulate_media(color_scheme="dark")
    await page.set_viewport_size({"width": 320, "height": 568})
    await page.goto(page.url.split("?")[0] + "?letra=grande")
    await check(page)


async def test_the_page_opened_from_the_chats_list_of_payments(stand: Stand, page: Page) -> None:  # noqa: F811
    household = Household(stand)
    await stand.payments.create_reference(household.contact, "0048213", Method.CASH, AMOUNT, BILLS, new_id())
    await page.goto(PaymentLinks.build(stand.settings, stand.clock).page(household.contact))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Pagos hechos en este chat")
    await check(page)
    await tab_to(page, "3 meses")
    await page.keyboard.press("Enter")
    await expect(page.locator("a[aria-current]")).to_have_text("3 meses")
    await check(page)
