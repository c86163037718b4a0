"""The page in a real Chromium, against the sandbox alone: the citizen's side works without María."""

from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import Page, expect

from sandbox.app import build_app
from sandbox.data import SandboxData
from sandbox.world import World
from tests.browser import chromium
from tests.serving import served

GRAPH = "/graph/v24.0/106540000000001/messages"

pytestmark = [pytest.mark.browser]


@pytest.fixture
async def base(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    monkeypatch.setenv("MARIA_WEBHOOK_URL", "http://127.0.0.1:9/nobody")
    async with served(build_app(World(SandboxData()))) as address:
        yield address


@pytest.fixture
async def page(base: str) -> AsyncIterator[Page]:
    async with chromium() as browser:
        view = await browser.new_page(viewport={"width": 360, "height": 740})
        problems: list[str] = []
        view.on("pageerror", lambda problem: problems.append(str(problem)))
        await view.goto(f"{base}/?persona=Rosa")
        yield view
        assert problems == []


async def test_a_conversation(base: str, page: Page) -> None:
    box = page.get_by_label("Escribir mensaje")
    await box.fill("¿Cuánto debo?")
    await box.press("Enter")
    await expect(page.locator(".row.in .body")).to_have_text("¿Cuánto debo?")
    choice = {"buttons": [{"type": "reply", "reply": {"id": "/pagar", "title": "Pagar"}}]}
    interactive = {"type": "button", "body": {"text": "Debe *$486.00*."}, "action": choice}
    body = {
        "messaging_product": "whatsapp",
        "to": "524425550163",
        "type": "interactive",
        "interactive": interactive,
    }
    async with httpx.AsyncClient(base_url=base, headers={"Authorization": "Bearer sandbox-graph-token"}) as maria:
        assert (await maria.post(GRAPH, json=body)).status_code == 200
    await expect(page.locator(".row.out strong")).to_have_text("$486.00")
    await page.get_by_role("button", name="Pagar").click()
    await expect(page.locator(".row.in .body").last).to_have_text("Pagar")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360


async def test_a_photo_and_a_place(page: Page) -> None:
    await page.get_by_label("Adjuntar", exact=True).click()
    await page.get_by_role("button", name="Fuga en la calle").last.click()
    await expect(page.locator(".row.in .photo img")).to_be_visible()
    await page.get_by_label("Adjuntar", exact=True).click()
    await page.get_by_role("button", name="Ubicación").click()
    await page.get_by_role("button", name="En el mar").click()
    await expect(page.locator(".row.in .place strong")).to_have_text("En el mar")


async def test_time_passes_and_faults_switch(base: str, page: Page) -> None:
    await page.get_by_role("button", name="Mensajes y control").click()
    await page.get_by_role("tab", name="Fallas").click()
    await page.get_by_role("switch", name="Aquasis lento").check()
    await page.get_by_role("tab", name="Tiempo").click()
    await page.get_by_role("button", name="+ 25 horas").click()
    await expect(page.locator(".now span")).to_contain_text("adelantado 25 h")
    async with httpx.AsyncClient(base_url=base) as control:
        faults = (await control.get("/control/faults")).json()
    assert [(f["system"], f["kind"]) for f in faults] == [("aquasis", "latency")]
