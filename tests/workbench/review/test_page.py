"""The page in a real Chromium, on real files: click, keys, undo, refusals, accessibility."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from services.review.service import Review
from tests.browser import chromium
from tests.serving import served
from workbench.review.app import build_app
from workbench.review.groups import group
from workbench.review.training import Training

HOSTILE = "<img src=x onerror=alert(1)> y eso que es"
MESSAGES = (
    ("ya no me llega el papelito", "bill_request"),
    ("ya no me llega el papelito!!", "bill_request"),
    ("ya no llega el papelito del agua", "bill_request"),
    ("me pasa mi recibo del agua", "bill_request"),
    (HOSTILE, "out_of_scope"),
)


@pytest.fixture
async def base(review: Review, training: Training, missed: Callable[..., Any]) -> AsyncIterator[str]:
    await missed(*MESSAGES)
    async with served(build_app(review, training)) as address:
        yield address


@pytest.fixture
async def page(base: str) -> AsyncIterator[Page]:
    async with chromium() as browser:
        view = await browser.new_page(viewport={"width": 900, "height": 900})
        problems: list[str] = []
        view.on("pageerror", lambda problem: problems.append(str(problem)))
        view.on("dialog", lambda dialog: problems.append(dialog.message))
        await view.goto(base)
        await expect(view.locator(".card").first).to_be_visible()
        yield view
        assert problems == []


@pytest.mark.browser
async def test_label_by_click_and_by_key_undo_and_refusal(page: Page, training: Training, review: Review) -> None:
    file = training.folder / "bill_request.yml"
    before = file.read_text(encoding="utf-8")
    await expect(page.locator(".card")).to_have_count(4)
    await expect(page.locator(".why").first).to_have_text("María dijo que no entendió, 2 veces")

    await page.locator(".card").first.get_by_role("button", name="1 bill_request").click()
    await expect(page.locator("#told")).to_contain_text("Guardado en bill_request: ya no me llega el papelito")
    assert "    - ya no me llega el papelito!!\n" in file.read_text(encoding="utf-8")
    await expect(page.locator(".card")).to_have_count(3)

    await page.keyboard.press("u")
    await expect(page.locator("#told")).to_have_text("Deshecho.")
    await expect(page.locator(".card")).to_have_count(4)
    assert file.read_text(encoding="utf-8") == before

    at_test = page.locator(".card", has_text="me pasa mi recibo")
    await at_test.locator(".words").focus()
    await page.keyboard.press("1")
    await expect(page.locator("#told.wrong")).to_contain_text("frases de prueba")
    await page.keyboard.press("x")
    await expect(page.locator("#told")).to_have_text("Ignorado.")
    await page.locator(".card", has_text="<img").locator("select").select_option("out_of_scope")
    await expect(page.locator("#told")).to_contain_text("Guardado en out_of_scope")
    assert "<img src=x onerror=alert(1)> y eso que es\n" in (training.folder / "out_of_scope.yml").read_text()
    assert {m.text for m in await review.waiting()} == {t for t, _ in MESSAGES[:3]}


@pytest.mark.browser
async def test_the_wording_can_be_corrected_first(page: Page, training: Training) -> None:
    await page.locator(".card").first.locator(".words").focus()
    await page.keyboard.press("e")
    await page.keyboard.press("Control+A")
    await page.keyboard.type("ya no me traen el papel")
    await page.keyboard.press("Enter")
    await page.keyboard.press("1")
    await expect(page.locator("#told")).to_contain_text("Guardado en bill_request: ya no me traen el papel")


@pytest.mark.browser
async def test_the_page_is_accessible_also_on_a_phone(page: Page) -> None:
    for width in (900, 360):
        await page.set_viewport_size({"width": width, "height": 800})
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_other_sites_and_other_names_get_nothing(review: Review, training: Training, missed: Any) -> None:
    await missed(("algo raro que no entiende", "greet"))
    transport = httpx.ASGITransport(build_app(review, training))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as ours:
        assert (await ours.post("/ignore", json={"ids": [1]})).status_code == 403
        assert (await ours.get("/messages", headers={"Host": "evil.example"})).status_code == 400
        mine = {"X-Review": "1"}
        body = {"ids": [1], "intent": "greet", "text": "algo raro que no entiende"}
        assert (await ours.post("/label", json=body, headers=mine)).status_code == 200
        assert (await ours.post("/label", json=body, headers=mine)).status_code == 409  # twice is once
        assert (await ours.post("/label", json={**body, "ids": [99]}, headers=mine)).status_code == 404
    assert (training.folder / "greet.yml").read_text().count("algo raro") == 1


async def test_like_stands_beside_like(review: Review, missed: Any) -> None:
    await missed(
        ("no sale nada de la llave", "greet"), ("quiero otra cosa", "greet"), ("de la llave no sale nada", "greet")
    )
    [one] = group(await review.waiting())
    assert [c.message.text for c in one.cards] == [
        "de la llave no sale nada",
        "no sale nada de la llave",
        "quiero otra cosa",
    ]
