"""María's edge and worker between a fake Rasa, the WhatsApp stand-in and AGORA's stand-in, without a socket."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from runtime.edge import build_app
from runtime.handoff import build_desk, build_handoffs, build_rules, build_sync, handoff_loop
from runtime.wiring import Parts
from runtime.worker import conversation_loop, whatsapp_loop
from sandbox import whatsapp
from sandbox.agora.model import Conversation, Message
from sandbox.agora.router import build_with
from sandbox.agora.service import Agora
from sandbox.data import SandboxData
from sandbox.faults import Fault
from sandbox.world import World
from services.handoff.model import Ask, Case
from services.handoff.sync import Sync
from services.messaging.inbox import Inbox
from services.storage import Database
from tests.channels.conftest import ROSA, FakeRasa, settings_for, until

WEBHOOK = "http://edge/webhooks/whatsapp"
BELL = "http://edge/webhooks/agora"
BASE = "http://agora/agora/api/v1/accounts/2"
LAURA = {"Api-Access-Token": "sandbox-agora-laura"}
JORGE = {"Api-Access-Token": "sandbox-agora-jorge"}


@dataclass
class House:
    """A citizen's phone on one side, an agent's page on the other, María in between."""

    parts: Parts
    rasa: FakeRasa
    world: World
    agora: Agora
    http: httpx.AsyncClient
    sync: Sync

    @property
    def inbox(self) -> Inbox:
        return Inbox(self.parts.database)

    async def citizen(self, who: str = ROSA.wa_id or "", **action: Any) -> str:
        answer = await self.http.post("http://graph/control/whatsapp/inbound", json={"from": who, **action})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    async def sent(self, who: str = ROSA.wa_id or "") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (
            await self.http.get("http://graph/control/whatsapp/sent", params={"to": who})
        ).json()
        return found

    async def wait_sent(self, count: int, who: str = ROSA.wa_id or "", seconds: float = 12.0) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await until(lambda: self.sent(who), lambda sent: len(sent) >= count, seconds)
        return found

    async def contact(self, who: str = ROSA.wa_id or "") -> str:
        """The citizen's id, after having said hello."""
        before, asked = len(await self.sent(who)), len(self.hellos)
        await self.citizen(who, text="hola")

        async def hellos() -> int:  # what María says by herself meanwhile is no answer to it
            return len(self.hellos)

        await until(hellos, lambda now: now > asked, 12)
        await self.wait_sent(before + 1, who)
        from sqlalchemy import select

        from services.contacts.tables import AliasRow

        async with self.parts.database.read() as session:
            found = await session.scalar(
                select(AliasRow.contact_id).where(AliasRow.original.contains(who)).order_by(AliasRow.id.desc())
            )
        assert found
        return str(found)

    @property
    def hellos(self) -> list[dict[str, Any]]:
        return [turn for turn in self.rasa.turns if turn["text"] == "hola"]

    async def request(self, contact: str, reason: str = "asked", turn: str = "t1", **more: Any) -> str:
        """As action_handoff does it; the episode's id."""
        handoffs = build_handoffs(self.parts)
        route = build_rules().route(reason, more.get("errand"), str(more.get("words", "")))
        ask = Ask(turn=turn, contact=contact, channel="whatsapp", reason=route.reason, phone="4425550163", **more)
        case = Case(name="Rosa", phone_ending="63", priority=route.priority, labels=route.labels, team=route.team)
        return (await handoffs.request(ask, case, route)).id

    async def hand_over(self, contact: str, **more: Any) -> Conversation:
        """Ask for a person and wait until the desk has it, as action_handoff does."""
        episode, handoffs = await self.request(contact, **more), build_handoffs(self.parts)
        assert await handoffs.wait_open(episode, 8)
        async with handoffs.database.begin() as session:
            await handoffs.told(session, episode)
        return self.conversation(episode)

    def conversation(self, episode: str) -> Conversation:
        (found,) = [c for c in self.agora.store.conversations.values() if c.custom.get("maria_handoff") == episode]
        return found

    async def says(self, talk: Conversation, by: dict[str, str] = LAURA, **body: Any) -> int:
        """An agent writes."""
        answer = await self.http.post(f"{BASE}/conversations/{talk.display}/messages", json=body, headers=by)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["id"])

    async def attaches(self, talk: Conversation, *files: tuple[str, bytes, str], text: str = "") -> int:
        """An agent sends files."""
        parts = [("attachments[]", file) for file in files]
        url = f"{BASE}/conversations/{talk.display}/messages"
        answer = await self.http.post(url, data={"content": text} if text else {}, files=parts, headers=LAURA)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["id"])

    async def sets(self, talk: Conversation, status: str, by: dict[str, str] = LAURA) -> None:
        """An agent resolves, or gives back."""
        url = f"{BASE}/conversations/{talk.display}/toggle_status"
        assert (await self.http.post(url, json={"status": status}, headers=by)).status_code == 200

    async def state(self, episode: str) -> str:
        return (await build_handoffs(self.parts).get(episode)).state

    async def wait_state(self, episode: str, state: str, seconds: float = 10.0) -> None:
        await until(lambda: self.state(episode), lambda found: found == state, seconds)

    async def wait_lines(self, talk: Conversation, *texts: str, kind: int = 0, seconds: float = 10.0) -> None:
        """Until these are the last lines of one kind in the conversation, in this order."""

        async def lines() -> list[str]:
            return texts_of(talk, kind)

        await until(lines, lambda found: found[-len(texts) :] == list(texts), seconds)

    async def rasa_turn(self, intent: str | None, text: str | None = None, seconds: float = 10.0) -> dict[str, Any]:
        """The first turn of this kind that María was asked for."""

        async def found() -> list[dict[str, Any]]:
            return [t for t in self.rasa.turns if t["intent"] == intent and (text is None or t["text"] == text)]

        turns: list[dict[str, Any]] = await until(found, bool, seconds)
        return turns[0]

    async def note(self, episode: str) -> str | None:
        return (await build_handoffs(self.parts).get(episode)).closing_note

    def faults(self, *faults: dict[str, Any]) -> None:
        self.world.faults.active = [Fault(**fault) for fault in faults]


def texts_of(talk: Conversation, kind: int = 0, *, private: bool = False) -> list[str]:
    """0 the citizen's, 1 María's and the agents'."""
    return [m.content or "" for m in talk.messages if m.kind == kind and m.private == private]


def notes_of(talk: Conversation) -> list[Message]:
    return [m for m in talk.messages if m.private]


@contextlib.asynccontextmanager
async def open_house(database_url: str, redis_url: str, **more: Any) -> AsyncIterator[House]:
    world, rasa, graph, desk = World(SandboxData()), FakeRasa(), FastAPI(), FastAPI()

    async def edge(*asgi: Any) -> None:
        await app(*asgi)

    apps = {"http://graph": graph, "http://rasa": rasa.app(), "http://edge": edge, "http://agora": desk}
    apps["http://127.0.0.1:8100"] = desk  # where AGORA says its files are
    mounts = {host: httpx.ASGITransport(one) for host, one in apps.items()}
    http = httpx.AsyncClient(mounts=mounts, timeout=20)

    async def post(url: str, raw: bytes, headers: dict[str, str]) -> int:
        return (await http.post(url, content=raw, headers=headers)).status_code

    async def meta(_url: str, raw: bytes, headers: dict[str, str]) -> int:
        return await post(WEBHOOK, raw, headers)

    agora = Agora(world, post)
    agora.store.directory.inbox.webhook_url = BELL
    agora.store.url = "http://127.0.0.1:8100"
    desk.include_router(build_with(agora))
    graph.include_router(whatsapp.build(world, meta))
    settings = settings_for(database_url, redis_url, agora_url="http://agora/agora", **more)
    parts = Parts.build(settings, http=http)
    app = build_app(parts=parts)
    sync = build_sync(parts, build_desk(parts), settle=timedelta(seconds=1))
    loops = (conversation_loop(parts), whatsapp_loop(parts), handoff_loop(parts, sync))
    working = [asyncio.create_task(work) for work in (parts.bell.listen(), *(loop.run() for loop in loops))]
    yield House(parts, rasa, world, agora, http, sync)
    world.faults.clear()
    await agora.webhooks.settled()
    world.reset()
    left = set(working)
    while left:  # a task that is connecting to Redis may miss the first cancellation
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=1)
    await parts.close()


@pytest.fixture
async def house(tmp_path: Path, sqlite: Database, redis: Any, redis_url: str) -> AsyncIterator[House]:
    """On SQLite."""
    async with open_house(sqlite.url, redis_url) as opened:
        yield opened


@pytest.fixture
async def any_house(database: Database, redis: Any, redis_url: str) -> AsyncIterator[House]:
    """On each engine in turn."""
    async with open_house(database.url, redis_url) as opened:
        yield opened
