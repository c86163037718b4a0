"""The agents' page in a real Chromium: both sizes, live updates, the keyboard, and text that means harm."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from sandbox.app import build_app
from sandbox.data import SandboxData
from sandbox.world import World
from tests.browser import chromium
from tests.engines import free_port
from tests.sandbox.agora.conftest import ANA, BOT, USER
from tests.serving import served

HARM = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script> [x](javascript:alert(1))'

LAPTOP, PHONE = (1440, 900), (390, 844)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
both = pytest.mark.parametrize("page", [LAPTOP, PHONE], ids=["laptop", "phone"], indirect=True)


@dataclass
class Maria:
    """What María does over the API."""

    http: httpx.AsyncClient
    base: str
    display: int = 0

    async def post(self, path: str, body: dict[str, Any], headers: dict[str, str] = BOT) -> Any:
        answer = await self.http.post(f"agora/api/v1/accounts/2/{path}", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json() if answer.content else None

    async def hand_over(self, words: str = "necesito ayuda") -> int:
        person = (await self.post("contacts", ANA, USER))["payload"]["contact"]
        made = await self.post("conversations", {"inbox_id": 14, "contact_id": person["id"], "status": "pending"})
        self.display = made["id"]
        note = {"content": "## María → atención humana\n**Contrato:** `0064410`\n- Revisar lectura", "private": True}
        await self.say(**note)
        await self.say(content=words, message_type="incoming", source_id="w1")
        await self.post(f"conversations/{self.display}/toggle_priority", {"priority": "urgent"})
        await self.post(f"conversations/{self.display}/toggle_status", {"status": "open"})
        return self.display

    async def say(self, **body: Any) -> dict[str, Any]:
        return await self.post(f"conversations/{self.display}/messages", body)

    async def seen(self) -> dict[str, Any]:
        rows = (await self.http.get("control/agora/conversations")).json()
        return next(c for c in rows if c["id"] == self.display)

    async def until(self, condition) -> dict[str, Any]:
        async with asyncio.timeout(10):
            while not condition(found := await self.seen()):
                await asyncio.sleep(0.05)
        return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox() -> AsyncIterator[str]:
    """The whole sandbox on a free port; reset for each test."""
    port = free_port()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SANDBOX_URL", f"http://127.0.0.1:{port}")
        environment.delenv("MARIA_AGORA_WEBHOOK_URL", raising=False)
        app = build_app(World(SandboxData()))
    async with served(app, port) as address:
        yield address


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def maria(sandbox: str) -> AsyncIterator[Maria]:
    async with httpx.AsyncClient(base_url=sandbox, timeout=20) as http:
        await http.post("control/reset")
        yield Maria(http, sandbox)


@pytest_asyncio.fixture(loop_scope="module")
async def page(request: pytest.FixtureRequest, browser: Browser, maria: Maria) -> AsyncIterator[Page]:
    wide, high = getattr(request, "param", LAPTOP)
    context = await browser.new_context(viewport={"width": wide, "height": high})
    view = await context.new_page()
    problems: list[str] = []
    view.on("pageerror", lambda problem: problems.append(str(problem)))
    await view.goto(f"{maria.base}/agora/")
    yield view
    assert await view.evaluate("document.documentElement.scrollWidth") <= wide
    await context.close()
    assert problems == []


async def open_first(page: Page) -> None:
    await page.locator(".talk-row").first.click()
    await expect(page.locator(".thread .row").first).to_be_visible()


@both
async def test_a_conversation_appears_is_answered_and_resolved(page: Page, maria: Maria) -> None:
    await expect(page.locator(".nothing")).to_contain_text("No hay conversaciones")
    await maria.hand_over()
    row = page.locator(".talk-row").first
    await expect(row).to_contain_text("Urgente")
    await expect(row.locator(".badge")).to_have_text("1")
    await expect(row.locator(".wait")).to_be_visible()
    await open_first(page)
    await expect(page.locator(".row.note .heading")).to_have_text("María → atención humana")
    await expect(page.locator(".row.note code")).to_have_text("0064410")
    await maria.until(lambda c: c["unread_count"] == 0)
    await page.get_by_role("button", name="Asignarme").click()
    await maria.until(lambda c: c["meta"].get("assignee", {}).get("name") == "Laura Méndez")
    box = page.locator("#answer")
    await box.fill("/sal")
    await expect(page.locator(".canned li")).to_have_count(1)
    await box.press("Enter")
    await expect(box).to_have_value(re.compile("Hola, Ana. Soy Laura"))
    await box.press("Enter")
    await expect(page.locator(".row.by-agent .body")).to_contain_text("Hola, Ana. Soy Laura")
    said = next(m for m in (await maria.seen())["messages"] if m.get("sender", {}).get("id") == 31)
    for state, words in (("delivered", "Entregado"), ("read", "Leído")):
        url = f"agora/api/v1/accounts/2/conversations/{maria.display}/messages/{said['id']}"
        await maria.http.patch(url, json={"status": state}, headers=USER)
        await expect(page.get_by_label(words)).to_be_visible()
    await page.get_by_role("button", name="Resolver").click()
    await page.get_by_label("¿En qué quedaron?").fill("Se revisa la lectura")
    await page.get_by_role("dialog").get_by_role("button", name="Resolver").click()
    done = await maria.until(lambda c: c["status"] == "resolved")
    assert [m["private"] for m in done["messages"] if m["content"] == "Para María: Se revisa la lectura"] == [True]


@both
async def test_notes_labels_files_and_giving_back(page: Page, maria: Maria) -> None:
    await maria.hand_over()
    await open_first(page)
    await page.get_by_role("tab", name="Nota privada").click()
    await page.locator("#answer").fill("**ojo**: es mayor")
    await page.get_by_role("button", name="Guardar nota").click()
    await expect(page.locator(".row.note strong").last).to_have_text("ojo")
    await page.get_by_role("tab", name="Responder").click()
    await page.locator('input[type="file"]').set_input_files(
        {"name": "aclaración.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    )
    await page.get_by_role("button", name="Enviar").click()
    await expect(page.locator(".row.by-agent .file-name")).to_have_text("aclaración.pdf")
    if (page.viewport_size or {})["width"] < 880:
        await page.get_by_role("button", name="Datos del ciudadano").click()
    await page.get_by_label("Agregar etiqueta").select_option("fuga")
    await expect(page.locator(".side .label")).to_contain_text("fuga")
    await maria.until(lambda c: c["labels"] == ["fuga"])
    await page.get_by_label("Quitar fuga").click()
    await maria.until(lambda c: c["labels"] == [])
    if (page.viewport_size or {})["width"] < 880:
        await page.get_by_label("Volver a la conversación").click()
    await page.get_by_role("button", name="Devolver a María").click()
    await page.get_by_role("dialog").get_by_role("button", name="Devolver a María").click()
    await maria.until(lambda c: c["status"] == "pending")
    await expect(page.get_by_role("button", name="Tomar")).to_be_visible()


@both
async def test_what_whatsapp_shows_is_shown(page: Page, maria: Maria) -> None:
    await maria.hand_over()
    await open_first(page)
    items = [{"title": f"Opción {n}", "value": str(n)} for n in range(5)]
    choice = {"content_type": "input_select", "content_attributes": {"items": items}}
    await maria.say(content="¿Qué desea?\n▫️ Pagar\n▫️ Recibo")
    await maria.say(content="Elija", **choice)
    place = "📍 Ubicación: https://maps.google.com/?q=20.58880,-100.38990 (Av. Ejemplo 12)"
    await maria.say(content=place, message_type="incoming")
    said = await maria.say(content="Su saldo es *$486.00*")
    react = {"content": '(reaccionó 👍 a: "Su saldo")', "content_attributes": {"in_reply_to": said["id"]}}
    await maria.say(message_type="incoming", **react)
    await expect(page.locator(".options.shown .option")).to_have_text(["Pagar", "Recibo"])
    await expect(page.locator(".choices summary")).to_contain_text("Lista de 5 opciones")
    await expect(page.locator(".place strong")).to_have_text("Av. Ejemplo 12")
    await expect(page.locator(".row.by-bot strong")).to_have_text("$486.00")
    await expect(page.locator(".reactions")).to_have_text("👍")
    url = f"agora/api/v1/accounts/2/conversations/{maria.display}/messages"
    leak = (await maria.http.get("phone/samples/leak.jpg")).content
    voice = (await maria.http.get("phone/samples/voice.ogg")).content
    files = [("attachments[]", ("a.jpg", leak, "image/jpeg")), ("attachments[]", ("a.ogg", voice, "audio/ogg"))]
    await maria.http.post(url, data={"message_type": "incoming"}, files=files, headers=BOT)
    await expect(page.locator(".row.out .photo img")).to_be_visible()
    await expect(page.locator(".row.out .voice")).to_be_visible()


async def test_harm_stays_text(page: Page, maria: Maria) -> None:
    await maria.hand_over(HARM)
    person = {"name": "<b>Ana</b>", "custom_attributes": {"<i>x</i>": HARM}}
    contact_id = (await maria.seen())["meta"]["sender"]["id"]
    url = f"agora/api/v1/accounts/2/contacts/{contact_id}"
    await maria.http.put(url, json=person, headers=USER)
    await maria.post(f"conversations/{maria.display}/labels", {"labels": ["<u>x</u>"]})
    await maria.say(content=HARM, private=True)
    await maria.say(content=HARM)
    await maria.say(content=HARM, content_attributes={"intent": HARM}, message_type="incoming")
    await open_first(page)
    await expect(page.locator(".row.out .body").first).to_have_text(HARM)
    await expect(page.locator(".talk-head h2")).to_have_text("<b>Ana</b>")
    assert await page.evaluate("window.harmed") is None
    assert (
        await page.locator(".board img[src='x'], .board a[href^='javascript'], .thread script, .thread b b").count()
        == 0
    )


async def test_the_window_closes_and_a_template_opens_it(page: Page, maria: Maria) -> None:
    await maria.hand_over()
    body = {"type": "BODY", "text": "Hola, {{1}}. Seguimos su caso {{2}}."}
    template = {
        "name": "seguimiento_caso",
        "language": "es_MX",
        "category": "UTILITY",
        "status": "approved",
        "components": [body],
    }
    settings = {"agent_reply_time_window": 24, "message_templates": [template]}
    admin = {"Api-Access-Token": "sandbox-agora-admin"}
    url = "agora/api/v1/accounts/2/inboxes/14"
    await maria.http.patch(url, json={"channel": {"additional_attributes": settings}}, headers=admin)
    await maria.http.post("control/clock", json={"advance_seconds": 25 * 3600})
    await page.reload()
    await open_first(page)
    await expect(page.locator("#answer")).to_be_disabled()
    await page.get_by_role("button", name="Plantillas").click()
    await page.locator("button.template").click()
    await page.get_by_label("Dato 1").fill("Ana")
    await page.get_by_label("Dato 2").fill("CEA-1")
    await page.get_by_role("button", name="Enviar plantilla").click()
    await expect(page.locator(".row.by-agent .body")).to_have_text("Hola, Ana. Seguimos su caso CEA-1.")
    sent = (await maria.seen())["messages"][-1]
    assert sent["additional_attributes"]["template_params"]["processed_params"] == {"body": {"1": "Ana", "2": "CEA-1"}}


async def test_the_keyboard_is_enough(page: Page, maria: Maria) -> None:
    await maria.hand_over()
    await expect(page.locator(".talk-row")).to_have_count(1)
    await page.keyboard.press("j")
    await expect(page.locator(".thread .row").first).to_be_visible()
    await page.keyboard.press("a")
    await maria.until(lambda c: "assignee" in c["meta"])
    await page.keyboard.press("r")
    await page.keyboard.type("Un momento")
    await page.keyboard.press("Enter")
    await expect(page.locator(".row.by-agent .body")).to_have_text("Un momento")
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_contain_text("Devolver a María")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.keyboard.press("m")
    await page.get_by_role("dialog").get_by_role("button", name="Devolver a María").press("Enter")
    await maria.until(lambda c: c["status"] == "pending")


@both
async def test_nobody_is_kept_out(page: Page, maria: Maria) -> None:
    await maria.hand_over()
    await maria.post(f"conversations/{maria.display}/labels", {"labels": ["fuga", "queja"]})
    await open_first(page)
    found = await Axe().run(page)
    assert [v["id"] for v in found.response["violations"]] == [], found.generate_report()
