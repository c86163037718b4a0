import base64
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from sandbox import sendgrid
from sandbox.data import SandboxData
from sandbox.faults import Fault
from sandbox.world import World

URL = "/sendgrid/v3/mail/send"
PDF = base64.b64encode(b"%PDF-1.4 recibo").decode()


def mail(**change: Any) -> dict[str, Any]:
    full: dict[str, Any] = {
        "personalizations": [{"to": [{"email": "Rosa.Mtz@example.mx"}]}],
        "from": {"email": "maria@example.mx"},
        "subject": "Su recibo",
        "content": [{"type": "text/plain", "value": "Hola"}, {"type": "text/html", "value": "<p>Hola</p>"}],
    }
    return {key: value for key, value in {**full, **change}.items() if value is not None}


@pytest.fixture
def world() -> World:
    return World(SandboxData())


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(sendgrid.build(world))
    headers = {"Authorization": "Bearer SG.sandbox"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://s", headers=headers) as client:
        yield client


async def test_accepted_with_an_id_and_an_attachment(http: httpx.AsyncClient) -> None:
    file = {"content": PDF, "type": "application/pdf", "filename": "recibo.pdf"}
    answer = await http.post(URL, json=mail(attachments=[file]))
    assert (answer.status_code, answer.content) == (202, b"")
    sent = (await http.get("/control/sendgrid/sent", params={"to": "rosa.mtz@example.mx"})).json()
    assert [m["id"] for m in sent] == [answer.headers["X-Message-Id"]]
    inbox = (await http.get("/control/sendgrid/inbox")).json()
    assert inbox[0]["attachments"][0]["content"] is None
    opened = await http.get(f"/control/sendgrid/attachments/{sent[0]['id']}/0")
    assert opened.content == b"%PDF-1.4 recibo"
    assert (await http.get(f"/control/sendgrid/attachments/{sent[0]['id']}/1")).status_code == 404
    assert (await http.get("/control/sendgrid/attachments/none/0")).status_code == 404


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("personalizations", {"personalizations": None}),
        ("personalizations", {"personalizations": []}),
        ("personalizations.0.to", {"personalizations": [{"to": []}]}),
        ("personalizations.0.to.0.email", {"personalizations": [{"to": [{"email": "rosa"}]}]}),
        ("from", {"from": None}),
        ("from.email", {"from": {"email": "maria"}}),
        ("subject", {"subject": None}),
        ("content", {"content": None}),
        ("content.0.value", {"content": [{"type": "text/plain", "value": ""}]}),
        ("content", {"content": [{"type": "text/html", "value": "a"}, {"type": "text/plain", "value": "a"}]}),
        ("categories", {"categories": [str(n) for n in range(11)]}),
        ("send_at", {"send_at": 9_999_999_999}),
        ("attachments.0.filename", {"attachments": [{"content": PDF}]}),
        ("attachments.0.content", {"attachments": [{"content": "¿?", "filename": "a"}]}),
    ],
)
async def test_refusals(http: httpx.AsyncClient, field: str, change: dict[str, Any]) -> None:
    answer = await http.post(URL, json=mail(**change))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field
    assert (await http.get("/control/sendgrid/sent")).json() == []


async def test_other_refusals(http: httpx.AsyncClient, world: World) -> None:
    assert (await http.post(URL, json=mail(), headers={"Authorization": "Bearer x"})).status_code == 401
    assert (await http.post(URL, content=b"{")).status_code == 400
    assert (await http.post(URL, json=[])).status_code == 400
    assert (await http.post(URL, content=b" " * (31 << 20) + b"{}")).status_code == 413
    world.faults.active = [Fault(system="sendgrid", kind="error", status=503)]
    assert (await http.post(URL, json=mail())).status_code == 503


async def test_sandbox_mode_and_templates_and_reset(http: httpx.AsyncClient, world: World) -> None:
    quiet = mail(mail_settings={"sandbox_mode": {"enable": True}})
    assert (await http.post(URL, json=quiet)).status_code == 200
    assert (await http.get("/control/sendgrid/sent")).json() == []
    by_template = mail(subject=None, content=None, template_id="d-1")
    assert (await http.post(URL, json=by_template)).status_code == 202
    world.reset()
    assert (await http.get("/control/sendgrid/sent")).json() == []
