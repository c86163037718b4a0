import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from sandbox import whatsapp
from sandbox.data import SandboxData
from sandbox.whatsapp.ids import PHONE_NUMBER_ID
from sandbox.world import World

ROSA = "5214425550163"
MESSAGES = f"/graph/v24.0/{PHONE_NUMBER_ID}/messages"


@dataclass
class Maria:
    """Receives webhooks; answers with `status`."""

    status: int = 200
    received: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    async def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        self.received.append((url, body, headers))
        return self.status

    def values(self, part: str) -> list[dict[str, Any]]:
        """All `messages` or `statuses` that came."""
        changes = [c["value"] for _, b, _ in self.received for e in json.loads(b)["entry"] for c in e["changes"]]
        return [one for value in changes for one in value.get(part, [])]

    async def wait_for(self, count: int, part: str = "messages") -> list[dict[str, Any]]:
        for _ in range(300):
            if len(found := self.values(part)) >= count:
                return found
            await asyncio.sleep(0.01)
        raise AssertionError(f"{len(self.values(part))} of {count} {part}")


@dataclass
class Phone:
    """What a test drives the stand-in with."""

    http: httpx.AsyncClient
    world: World
    maria: Maria
    service: whatsapp.WhatsApp

    async def send(self, **body: Any) -> httpx.Response:
        full = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": ROSA, **body}
        return await self.http.post(MESSAGES, json={k: v for k, v in full.items() if v is not None})

    async def refused(self, code: int, **body: Any) -> dict[str, Any]:
        answer = await self.send(**body)
        error: dict[str, Any] = answer.json().get("error", {})
        assert error.get("code") == code, answer.text
        assert error["message"].startswith(f"(#{code})")
        assert error["fbtrace_id"]
        assert answer.status_code >= 400
        return error

    async def accepted(self, **body: Any) -> str:
        answer = await self.send(**body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["messages"][0]["id"])

    async def upload(self, content: bytes, mime: str, name: str = "x") -> httpx.Response:
        data = {"messaging_product": "whatsapp", "type": mime}
        url = MESSAGES.replace("/messages", "/media")
        return await self.http.post(url, data=data, files={"file": (name, content, mime)})


@pytest.fixture
async def phone(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Phone]:
    world, maria = World(SandboxData()), Maria()
    made: list[whatsapp.WhatsApp] = []
    original = whatsapp.WhatsApp

    def keep(*args: Any) -> whatsapp.WhatsApp:
        made.append(original(*args))
        return made[0]

    monkeypatch.setattr(whatsapp, "WhatsApp", keep)
    app = FastAPI()
    app.include_router(whatsapp.build(world, maria))
    service = made[0]
    service.statuses.delays = {"sent": 0.0, "delivered": 0.0, "read": 0.0}
    service.webhooks.first_gap = 0.01
    headers = {"Authorization": "Bearer sandbox-graph-token"}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox", headers=headers) as http:
        yield Phone(http, world, maria, service)
    service.clear()
