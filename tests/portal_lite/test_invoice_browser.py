"""The page of fiscal data in a real Chromium: by keyboard, read by axe, small and dark and large."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.portal_lite.stand import Stand
from tests.portal_lite.test_browser import browser, check, page, tab_to  # noqa: F401
from tests.portal_lite.test_invoice_pages import KEPT, Taxpayer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_data_are_typed_by_keyboard(stand: Stand, page: Page) -> None:  # noqa: F811
    await page.goto(await Taxpayer(stand).url())
    await check(page)
    await page.locator("#rfc").focus()
    for value in ("MALR850612Q74", "Rosa Martinez Luna", "76110", "612", "G"):
        await page.keyboard.type(value)
        await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await expect(page.locator("#consent")).to_be_checked()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Estamos haciendo la factura")
    await check(page)


async def test_what_is_wrong_is_readable_on_the_smallest_phone_in_the_dark(stand: Stand, page: Page) -> None:  # noqa: F811
    somebody = Taxpayer(stand)
    await somebody.asked.drawer.keep(somebody.contact, "0048213", KEPT, "Acepto.")
    await page.emulate_media(color_scheme="dark")
    await page.set_viewport_size({"width": 320, "height": 568})
    await page.goto(await somebody.url() + "?letra=grande")
    await check(page)
    await page.locator("form.data").evaluate("form => form.noValidate = true")
    await page.get_by_role("button", name="Hacer la factura").click()
    await expect(page.get_by_role("alert")).to_contain_text("Hay que revisar")
    await check(page)
