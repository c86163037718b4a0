"""Edge and worker in one process, between a fake Rasa and the WhatsApp stand-in, without a socket."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from runtime.edge import build_app
from runtime.wiring import Parts
from runtime.worker import run
from sandbox import whatsapp
from sandbox.data import SandboxData
from sandbox.whatsapp import inbound as meta
from sandbox.world import World
from services.settings import Settings

ROSA = meta.Sender(wa_id="5214425550163", name="Rosa")
WEBHOOK, SECRET = "http://edge/webhooks/whatsapp", "sandbox-app-secret"


@dataclass
class FakeRasa:
    """Answers with an echo, or with `script[text or intent]`; `status` breaks it, `seconds` slows it down.

    `failing` are the statuses of the next turns, before it works again.
    """

    turns: list[dict[str, Any]] = field(default_factory=list)
    script: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    known: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    status: int = 200
    failing: list[int] = field(default_factory=list)
    seconds: float = 0.0
    unknown_intents: set[str] = field(default_factory=set)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/webhooks/internal/ready")
        async def ready() -> dict[str, bool]:
            return {"ready": True}

        @app.post("/webhooks/internal/turn")
        async def turn(request: Request) -> JSONResponse:
            body = await request.json()
            assert request.headers["x-internal-token"] == "sandbox-internal-token"
            await asyncio.sleep(self.seconds)
            status = self.failing.pop(0) if self.failing else self.status
            if status != 200:
                return JSONResponse({}, status)
            if body["intent"] in self.unknown_intents:
                return JSONResponse({"error": "unknown intent"}, 422)
            if body["id"] not in self.known:
                self.turns.append(body)
                said = body["intent"] or body["text"]
                self.known[body["id"]] = self.script.get(said, [{"text": f"eco: {said}"}])
            return JSONResponse({"replies": self.known[body["id"]]})

        return app


@dataclass
class Town:
    """Everything a test of the message path looks at."""

    parts: Parts
    rasa: FakeRasa
    world: World
    http: httpx.AsyncClient
    sandbox: httpx.AsyncClient

    async def post(self, body: dict[str, Any], secret: str = SECRET) -> int:
        raw = meta.encode(body)
        answer = await self.http.post(WEBHOOK, content=raw, headers={"X-Hub-Signature-256": meta.sign(raw, secret)})
        return answer.status_code

    async def citizen(self, sender: meta.Sender = ROSA, **action: Any) -> str:
        """Act on the stand-in's phone."""
        body = {"from": sender.wa_id or sender.user_id, **action}
        answer = await self.sandbox.post("/control/whatsapp/inbound", json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    async def sent(self, sender: meta.Sender = ROSA) -> list[dict[str, Any]]:
        params = {"to": sender.wa_id or sender.user_id}
        found: list[dict[str, Any]] = (await self.sandbox.get("/control/whatsapp/sent", params=params)).json()
        return found

    async def wait(self, count: int, sender: meta.Sender = ROSA, seconds: float = 12.0) -> list[dict[str, Any]]:
        """Until the citizen has got so many messages; then a moment longer, for one too many."""
        await until(lambda: self.sent(sender), lambda sent: len(sent) >= count, seconds)
        await asyncio.sleep(0.15)
        return await self.sent(sender)

    async def wait_turns(self, count: int, seconds: float = 8.0) -> list[dict[str, Any]]:
        async def turns() -> list[dict[str, Any]]:
            return self.rasa.turns

        return await until(turns, lambda found: len(found) >= count, seconds)


async def until(read: Callable[[], Any], holds: Callable[[Any], bool], seconds: float) -> Any:
    for _ in range(int(seconds / 0.03)):
        found = await read()
        if holds(found):
            return found
        await asyncio.sleep(0.03)
    raise AssertionError(f"never: {found}")


def body_of(message: dict[str, Any]) -> str:
    """The words of a Graph API body."""
    kind = message["type"]
    part = message[kind]
    return str(part["body"]["text"] if kind == "interactive" else part.get("body", part.get("caption", "")))


def settings_for(database_url: str, redis_url: str, **more: Any) -> Settings:
    urls = {"whatsapp_graph_url": "http://graph/graph", "rasa_url": "http://rasa", "clock_url": None}
    given = {"database_url": database_url, "redis_url": redis_url, "burst_seconds": 0.25, **urls, **more}
    return Settings(_env_file=None, **given)


@contextlib.asynccontextmanager
async def open_town(settings: Settings) -> AsyncIterator[Town]:
    world, rasa, graph = World(SandboxData()), FakeRasa(), FastAPI()

    async def edge(*asgi: Any) -> None:
        await app(*asgi)

    apps = {"http://graph": graph, "http://rasa": rasa.app(), "http://edge": edge}
    mounts = {host: httpx.ASGITransport(one) for host, one in apps.items()}
    http = httpx.AsyncClient(mounts=mounts, timeout=20)
    parts = Parts.build(settings, http=http)
    app = build_app(parts=parts)

    async def post(_url: str, raw: bytes, headers: dict[str, str]) -> int:
        return (await http.post(WEBHOOK, content=raw, headers=headers)).status_code

    graph.include_router(whatsapp.build(world, post))
    sandbox = httpx.AsyncClient(transport=httpx.ASGITransport(graph), base_url="http://graph")
    working = asyncio.create_task(run(parts))
    yield Town(parts, rasa, world, http, sandbox)
    world.reset()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await sandbox.aclose()
    await parts.close()


@pytest.fixture
async def town(tmp_path: Path, sqlite: Any, redis: Any, redis_url: str) -> AsyncIterator[Town]:
    """On SQLite."""
    async with open_town(settings_for(sqlite.url, redis_url)) as opened:
        yield opened


@pytest.fixture
async def any_town(database: Any, redis: Any, redis_url: str) -> AsyncIterator[Town]:
    """On each engine in turn."""
    async with open_town(settings_for(database.url, redis_url)) as opened:
        yield opened
