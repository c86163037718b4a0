"""The pages in a real Chromium: by keyboard alone, read by axe, at the width of a small phone, with large letters."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page, expect

from tests.browser import chromium
from tests.portal_lite.stand import Stand

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}
PHONE = {"width": 360, "height": 740}

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A phone that complains of nothing: no script error, no breach of the page's own security policy."""
    context = await browser.new_context(viewport=PHONE, locale="es-MX")
    view, problems = await context.new_page(), []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            problems.append(message.text)

    view.on("pageerror", lambda problem: problems.append(str(problem)))
    view.on("console", note)
    yield view
    await context.close()
    assert problems == []


async def check(page: Page) -> None:
    """Nothing for axe to find, and nothing to scroll sideways."""
    found = await Axe().run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def tab_to(page: Page, words: str) -> None:
    """As somebody who has no mouse; what has the focus must be seen."""
    for _ in range(12):
        await page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if words in (await focused.inner_text()):
            assert await focused.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
            return
    raise AssertionError(f"«{words}» cannot be reached with the keyboard")


async def type_card(page: Page, number: str) -> None:
    """Into Conekta's page, field by field."""
    await page.locator("#number").focus()
    for value in (number, "Rosa Martinez", "12", "40", "123"):
        await page.keyboard.type(value)
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")


async def test_by_keyboard_alone_from_the_link_to_the_receipt(stand: Stand, page: Page) -> None:
    url = stand.url(await stand.ask())
    await page.goto(url)
    await check(page)
    await tab_to(page, "Letra más grande")
    await page.keyboard.press("Enter")
    await expect(page.locator("html.large")).to_have_count(1)
    await check(page)
    await tab_to(page, "Pagar $486.00 con tarjeta")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/conekta/checkout/**")
    await type_card(page, "4000000000001091")
    await page.wait_for_url("**/conekta/3ds/**")
    await tab_to(page, "Sí, autorizar")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Pago recibido", timeout=15_000)
    await check(page)
    await tab_to(page, "Volver a WhatsApp")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{stand.settings.conekta_checkout_origins}/**")


async def test_the_result_page_notices_by_itself(stand: Stand, page: Page) -> None:
    made = await stand.ask()
    await page.goto(f"{stand.url(made)}/resultado")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Todavía no vemos el pago")
    await check(page)
    await stand.pay_elsewhere(made)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Pago recibido", timeout=15_000)


async def test_a_decline_in_the_dark_with_large_letters_on_the_smallest_phone(stand: Stand, page: Page) -> None:
    url = stand.url(await stand.ask())
    await page.emulate_media(color_scheme="dark")
    await page.set_viewport_size({"width": 320, "height": 568})
    await page.goto(url + "?letra=grande")
    await page.get_by_role("button").click()
    await type_card(page, "4000000000000127")
    await expect(page.get_by_role("alert")).to_contain_text("no tiene fondos")
    await page.goto(f"{url}/resultado")
    await expect(page.get_by_role("status")).to_contain_text("no tiene saldo suficiente")
    await check(page)
    await page.get_by_role("link", name="Con transferencia").click()
    await expect(page.get_by_label("Escribir mensaje")).to_have_value("Quiero pagar con transferencia")


async def test_what_only_says_something_is_readable_too(stand: Stand, page: Page) -> None:
    made = await stand.ask()
    for path in ("x", ""):
        await page.goto(stand.url(made) + path)
        await check(page)
    await stand.withdraw(made)
    await page.goto(stand.url(made))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Esta página de pago ya venció")
    await check(page)


async def test_the_button_cannot_be_pressed_twice_and_is_there_again_after_going_back(stand: Stand, page: Page) -> None:
    await page.goto(stand.url(await stand.ask()))
    button = page.get_by_role("button")
    await page.locator("form").dispatch_event("submit")
    await expect(button).to_be_disabled()
    await page.reload()
    await button.click()
    await page.wait_for_url("**/conekta/checkout/**")
    await page.go_back()
    await expect(button).to_be_enabled()
