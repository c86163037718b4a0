"""An evening of conversations, some handed to people, while every part fails and falls.

Afterwards every message is on both sides once and in order. `MARIA_EVENING=500` plays the whole evening (500
conversations, 60 of them with a person); otherwise a short one.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from runtime.parts import environment
from sandbox.whatsapp.inbound import text
from services.handoff.tables import EpisodeRow, RelayRow
from services.messaging.tables import InboxRow, OutboxRow
from services.storage import Database
from tests.bench.ledger import everything, settled
from tests.bench.load import Meta, Said, phones
from tests.conversations.reading import text as words
from tests.system.maria import Maria

ALL = int(os.environ.get("MARIA_EVENING", "25"))
WITH_PERSON = max(5, ALL * 12 // 100)
EVENING = ALL * 1.5 if ALL >= 100 else 20.0  # seconds over which the conversations begin
LOOKS = 2.0 if ALL >= 100 else 0.5  # seconds between two looks at everything that was said
PARTS = ("worker", "edge", "redis", "actions", "rasa", "sandbox")  # the sandbox remembers nothing: it only stands still
VICTIMS = random.sample(PARTS, 6) + random.sample(PARTS, 6) if ALL >= 100 else random.sample(PARTS, 6)
FROZEN = 6.0  # seconds in which no outside system answers
LINES = 4  # of the citizen and of the agent, while a person has it
GAP = 1.5
PATIENCE = 300.0
SMALL_TALK = ("hola", "a que hora abren las oficinas", "cuanto debo del 455123", "gracias", "cuanto cuesta el m3")
LAURA = {"Api-Access-Token": "sandbox-agora-laura"}
BASE = "/agora/api/v1/accounts/2/conversations"
TROUBLE = (
    {"system": "agora", "kind": "error", "rate": 0.08},
    {"system": "agora", "kind": "drop", "rate": 0.02, "operation": "messages"},
    {"system": "agora", "kind": "latency", "rate": 0.1, "seconds": 1.0},
    {"system": "agora_webhook", "kind": "duplicate", "rate": 0.2},
    {"system": "agora_webhook", "kind": "reorder", "rate": 0.3},
    {"system": "agora_webhook", "kind": "drop", "rate": 0.2},
    {"system": "graph", "kind": "latency", "rate": 0.1, "seconds": 0.5},
    {"system": "whatsapp_webhook", "kind": "duplicate", "rate": 0.1},
)


@pytest.fixture
def maria(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Maria]:
    monkeypatch.setenv("TURN_LEASE_SECONDS", "6")
    monkeypatch.setenv("HANDOFF_POLL_SECONDS", "3")
    running = Maria.start(tmp_path)
    yield running
    running.stop()


@dataclass
class Evening:
    """Both sides as seen from outside, looked at a few times a second by one reader for all."""

    maria: Maria
    meta: Meta
    agora: httpx.AsyncClient
    sent: dict[str, list[str]] = field(default_factory=dict)
    talks: dict[str, dict[str, Any]] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)

    async def look(self) -> None:
        """For ever."""
        while True:
            await self.refresh()
            await asyncio.sleep(LOOKS)

    async def refresh(self) -> None:
        bodies = (await self.agora.get("/control/whatsapp/sent")).json()
        sent: dict[str, list[str]] = {}
        for body in bodies:
            sent.setdefault(str(body.get("to", "")).removeprefix("+")[-10:], []).append(words(body))
        everything = (await self.agora.get("/control/agora/conversations")).json()
        self.talks = {str(c["meta"]["sender"]["phone_number"])[-10:]: c for c in everything}
        self.sent = sent

    async def until(self, holds: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"never: {what}"
            await asyncio.sleep(0.2)

    async def says(self, phone: str, said: str) -> None:
        self.said.append(await self.meta.until_taken(Said(phone, text(said))))


@pytest.mark.system
@pytest.mark.timeout(2700)
async def test_an_evening_with_people(maria: Maria) -> None:
    maria.let_it_be(9, until=16)  # people are at the desk, whenever the test runs
    maria.faults(*TROUBLE)
    numbers = phones(ALL, first=4425580000)
    agora = httpx.AsyncClient(base_url=f"http://127.0.0.1:{maria.ports.sandbox}", timeout=30)
    async with Meta(maria.ports.edge) as meta, agora:
        evening = Evening(maria, meta, agora)
        watching = asyncio.create_task(evening.look())
        falling = asyncio.create_task(trouble(maria))
        handed = numbers[:WITH_PERSON]
        await asyncio.gather(*(citizen(evening, phone, with_person=phone in handed) for phone in numbers))
        await falling
        watching.cancel()
        maria.faults()
        database = Database(environment(maria.ports, maria.var)["DATABASE_URL"])
        try:
            await quiet(database)
            inbox, outbox = await everything(database, InboxRow), await everything(database, OutboxRow)
        finally:
            await database.close()
        await states_arrive(evening, handed)
    print(f"{len(inbox)} messages, {len(outbox)} letters, {len(evening.talks)} conversations with a person")
    nothing_is_lost(evening, inbox, outbox)
    for phone in handed:
        both_sides_agree(evening, phone)
    assert set(evening.talks) == {phone[-10:] for phone in handed}


async def trouble(maria: Maria) -> None:
    """One part after the other falls, at moments nobody knows."""
    for victim in VICTIMS:
        await asyncio.sleep(random.uniform(0.5, 1.0) * EVENING / len(VICTIMS))
        if victim == "sandbox":
            await freeze(maria.supervisor.pid(victim))
            continue
        await asyncio.to_thread(maria.supervisor.kill, victim)
        await asyncio.sleep(1.0)
        assert await asyncio.to_thread(maria.supervisor.revive) == [victim]
        await asyncio.to_thread(maria.supervisor.wait_ready, victim)
    print("fell: " + ", ".join(VICTIMS))


async def freeze(process: int) -> None:
    """WhatsApp, AGORA and the billing system hang, all of them: calls are taken and not answered."""
    os.kill(process, signal.SIGSTOP)
    try:
        await asyncio.sleep(FROZEN)
    finally:
        os.kill(process, signal.SIGCONT)


async def citizen(evening: Evening, phone: str, *, with_person: bool) -> None:
    await asyncio.sleep(random.uniform(0, EVENING))
    for said in random.sample(SMALL_TALK, 2):
        before = len(evening.sent.get(phone[-10:], []))
        await evening.says(phone, said)
        await evening.until(lambda b=before: len(evening.sent.get(phone[-10:], [])) > b, f"answer to {phone}")  # type: ignore[misc]
        await asyncio.sleep(random.uniform(0.3, 0.7) * GAP)
    if with_person:
        await with_a_person(evening, phone)
    await ask(evening, phone, "cuanto debo del 455123", "352.71")


async def with_a_person(evening: Evening, phone: str) -> None:
    """Both write at once; the person ends it when everything has arrived."""
    key = phone[-10:]
    await ask(evening, phone, "quiero hablar con una persona", "ya está con una persona")
    await evening.until(lambda: key in evening.talks, f"conversation {phone}")
    talk = evening.talks[key]["id"]
    await asyncio.gather(citizen_writes(evening, phone), agent_writes(evening, talk, key))
    last = f"nota {key} {LINES - 1}"
    await evening.until(lambda: last in lines(evening.talks[key], 0), f"{last} in AGORA")
    await agent(
        evening, f"{talk}/toggle_status", {"status": "resolved"}, lambda: evening.talks[key]["status"] == "resolved"
    )
    await evening.until(lambda: any("Soy María otra vez" in s for s in evening.sent.get(key, [])), f"back {phone}")


async def ask(evening: Evening, phone: str, question: str, answer: str) -> None:
    """As often as María says that something failed, as she asks them to."""
    key, first = phone[-10:], len(evening.sent.get(phone[-10:], []))

    def heard(what: str, since: int) -> bool:
        return any(what in s for s in evening.sent.get(key, [])[since:])

    while True:
        before = len(evening.sent.get(key, []))
        await evening.says(phone, question)
        await evening.until(
            lambda b=before: heard(answer, first) or heard("Tuve una falla", b), f"«{answer}» for {phone}"
        )  # type: ignore[misc]
        with contextlib.suppress(AssertionError):
            await evening.until(lambda: heard(answer, first), answer, 6)
            return


async def citizen_writes(evening: Evening, phone: str) -> None:
    for number in range(LINES):
        await evening.says(phone, f"nota {phone[-10:]} {number}")
        await asyncio.sleep(random.uniform(0.1, 1.0) * GAP)


async def agent_writes(evening: Evening, talk: int, key: str) -> None:
    for number in range(LINES):
        said = f"resp {key} {number}"
        await agent(
            evening, f"{talk}/messages", {"content": said}, lambda said=said: said in lines(evening.talks[key], 1)
        )  # type: ignore[misc]
        await asyncio.sleep(random.uniform(0.1, 1.0) * GAP)
    secret = f"privado {key}"
    body = {"content": secret, "private": True}
    await agent(evening, f"{talk}/messages", body, lambda: secret in lines(evening.talks[key], 1, private=True))


async def agent(evening: Evening, path: str, body: dict[str, Any], done: Callable[[], bool]) -> None:
    """An agent tries until it is there, and looks before trying again."""
    while True:
        answer = await evening.agora.post(f"{BASE}/{path}", json=body, headers=LAURA)
        if answer.status_code != 200:
            await evening.refresh()
        if answer.status_code == 200 or done():
            return
        await asyncio.sleep(0.2)


def lines(talk: dict[str, Any], kind: int, *, private: bool = False) -> list[str]:
    return [m["content"] or "" for m in talk["messages"] if m["message_type"] == kind and m["private"] is private]


async def quiet(database: Database) -> None:
    """Nothing waits in the inbox, the outbox or the ledger."""
    await settled(database, 120)
    end = time.monotonic() + 120
    while True:
        async with database.read() as session:
            waiting = RelayRow.status.in_(("pending", "sending", "fetching"))
            left = await session.scalar(select(func.count()).select_from(RelayRow).where(waiting))
            alive = await session.scalar(
                select(func.count()).select_from(EpisodeRow).where(EpisodeRow.state != "closed")
            )
        if not left and not alive:
            break
        assert time.monotonic() < end, f"{left} messages on their way, {alive} conversations with a person"
        await asyncio.sleep(0.5)
    await settled(database, 120)


async def states_arrive(evening: Evening, handed: list[str]) -> None:
    """In the end every line of an agent's is shown as delivered or read, whatever became of its webhook."""
    end = time.monotonic() + 60
    while True:
        await evening.refresh()
        talks = [evening.talks[phone[-10:]] for phone in handed]
        states = Counter(m["status"] for t in talks for m in t["messages"] if (m["content"] or "").startswith("resp "))
        if set(states) <= {"delivered", "read"}:
            return
        assert time.monotonic() < end, dict(states)
        await asyncio.sleep(1)


def nothing_is_lost(evening: Evening, inbox: list[InboxRow], outbox: list[OutboxRow]) -> None:
    mine = [row for row in inbox if row.kind != "event"]
    assert Counter(row.provider_id for row in mine) == Counter(s.id for s in evening.said)
    assert Counter(row.status for row in mine) == {"handled": len(evening.said)}
    assert Counter(row.status for row in outbox) == {"sent": len(outbox)}
    answered = {row.turn_id for row in outbox}
    for row in mine:
        if str(row.message.get("text", "")).startswith("nota "):
            assert row.turn_id is None or row.turn_id not in answered, "María answered what was a person's"


def both_sides_agree(evening: Evening, phone: str) -> None:
    key = phone[-10:]
    talk, sent = evening.talks[key], evening.sent[key]
    told = [f"nota {key} {number}" for number in range(LINES)]
    written = [f"resp {key} {number}" for number in range(LINES)]
    assert [line for line in lines(talk, 0) if line.startswith("nota ")] == told
    assert [s.rpartition("\n")[2] for s in sent if "resp " in s] == written
    assert not any("privado" in s for s in sent)
    sources = [m["source_id"] for m in talk["messages"] if m["source_id"]]
    assert len(sources) == len(set(sources)), "posted twice"
    assert sum("ya está con una persona" in s for s in sent) == 1
    assert sum("Soy María otra vez" in s for s in sent) == 1
