"""AGORA's stand-in behind an HTTP client, with a listener for its webhooks."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from sandbox.agora.router import build_with
from sandbox.agora.service import Agora
from sandbox.data import SandboxData
from sandbox.world import World

BOT = {"Api-Access-Token": "sandbox-agora-bot"}
USER = {"api_access_token": "sandbox-agora-user"}
LAURA = {"Api-Access-Token": "sandbox-agora-laura"}
ADMIN = {"Api-Access-Token": "sandbox-agora-admin"}
HOOK = "http://maria.example/webhooks/agora"
ANA = {
    "inbox_id": 14,
    "source_id": "c_7f3a",
    "name": "Ana",
    "identifier": "maria:c_7f3a",
    "phone_number": "+524420000001",
}


@dataclass
class Listener:
    """María's side of the webhooks."""

    status: int = 200
    got: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    async def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        self.got.append((url, body, headers))
        return self.status

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body, _ in self.got]

    def events(self, name: str) -> list[dict[str, Any]]:
        return [body for body in self.bodies if body["event"] == name]


@dataclass
class Served:
    """One AGORA for all tests of this folder: building its routes takes longer than most tests."""

    agora: Agora
    app: FastAPI


@pytest.fixture(scope="session")
def served() -> Served:
    agora, app = Agora(World(SandboxData())), FastAPI()
    app.include_router(build_with(agora))
    return Served(agora, app)


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def agora(served: Served, listener: Listener) -> Agora:
    served.agora.world.reset()
    served.agora.webhooks.post = listener
    served.agora.store.directory.inbox.webhook_url = HOOK
    return served.agora


@pytest.fixture
def world(agora: Agora) -> World:
    return agora.world


@pytest.fixture
async def api(agora: Agora, served: Served) -> AsyncIterator[httpx.AsyncClient]:
    base = "http://sandbox/agora/api/v1/accounts/2/"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=served.app), base_url=base) as client:
        yield client
        await agora.webhooks.settled()


async def contact(api: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await api.post("contacts", json={**ANA, **more}, headers=USER)
    assert answer.status_code == 200
    return answer.json()["payload"]["contact"]


async def conversation(api: httpx.AsyncClient, status: str = "pending") -> int:
    made = await contact(api)
    body = {"inbox_id": 14, "contact_id": made["id"], "source_id": "c_7f3a", "status": status}
    answer = await api.post("conversations", json=body, headers=BOT)
    assert answer.status_code == 200
    return answer.json()["id"]
