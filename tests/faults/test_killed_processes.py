"""Each process is killed in turn (SIGKILL) under a steady load; nothing is lost, doubled or out of order."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.parts import environment
from sandbox.whatsapp.inbound import text
from services.messaging.tables import InboxRow, OutboxRow
from services.storage import Database
from tests.bench.ledger import everything, settled
from tests.bench.load import Meta, Said, phones
from tests.system.maria import Maria

VICTIMS = ("worker", "actions", "rasa", "edge", "redis")
CITIZENS = phones(60)
GAP = 6.0  # seconds between two messages of one citizen: 10 messages/s together
REPEATS = 0.2  # the share of webhooks that Meta brings once more although they were taken
DOWN = 2.0  # seconds a victim lies dead
CONTRACTS = ("455123", "0048213", "0064410", "720015", "742950")
RECOVERY = 100.0  # seconds: a lease of 60, the wait for a status, and what has piled up


@pytest.fixture
def maria(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Maria]:
    monkeypatch.setenv("TURN_LEASE_SECONDS", "6")
    running = Maria.start(tmp_path)
    yield running
    running.stop()


@pytest.mark.system
@pytest.mark.timeout(300)
async def test_nothing_is_lost_doubled_or_out_of_order(maria: Maria) -> None:
    async with Meta(maria.ports.edge) as meta:
        said = await under_fire(maria, meta)
    database = Database(environment(maria.ports, maria.var)["DATABASE_URL"])
    try:
        await settled(database, RECOVERY)
        inbox = await everything(database, InboxRow)
        outbox = await everything(database, OutboxRow)
    finally:
        await database.close()
    sent = maria.sandbox.get("/control/whatsapp/sent").json()
    print(f"{len(inbox)} messages, {sum(s.refused for s in said)} refusals, {len(outbox)} letters, {len(sent)} bodies")
    each_is_handled_once(said, inbox)
    each_letter_is_sent_once(outbox, sent)
    order_is_kept(said, inbox, outbox, sent)
    the_last_word_is_answered(said, inbox, outbox, sent)


async def under_fire(maria: Maria, meta: Meta) -> list[Said]:
    """Everything that was said while the processes fell, in order for each citizen."""
    over = asyncio.Event()
    citizens = [asyncio.create_task(citizen(meta, phone, over)) for phone in CITIZENS]
    await asyncio.sleep(GAP)
    for victim in VICTIMS:
        await fell(maria, victim)
    over.set()
    return [said for told in await asyncio.gather(*citizens) for said in told]


async def fell(maria: Maria, victim: str) -> None:
    """Kill one and bring it back."""
    began = time.monotonic()
    await asyncio.to_thread(maria.supervisor.kill, victim)
    await asyncio.sleep(DOWN)
    assert await asyncio.to_thread(maria.supervisor.revive) == [victim]
    await asyncio.to_thread(maria.supervisor.wait_ready, victim)
    print(f"{victim} was away for {time.monotonic() - began:.1f} s")
    await asyncio.sleep(DOWN)


async def citizen(meta: Meta, phone: str, over: asyncio.Event) -> list[Said]:
    """Says hello and asks for the debt by turns until `over`, then asks a last time."""
    told: list[Said] = []
    question = f"cuanto debo del {contract_of(phone)}"
    repeats: list[asyncio.Task[bool]] = []
    await asyncio.sleep(random.uniform(0, GAP))
    while True:
        last = over.is_set()
        said = await meta.until_taken(Said(phone, text(question if last or len(told) % 2 else "hola")))
        told.append(said)
        if random.random() < REPEATS:
            repeats.append(asyncio.create_task(meta.once(said)))
        if last:
            await asyncio.gather(*repeats)
            return told
        await asyncio.sleep(random.uniform(0.7, 1.3) * GAP)


def contract_of(phone: str) -> str:
    return CONTRACTS[int(phone) % len(CONTRACTS)]


def each_is_handled_once(said: list[Said], inbox: list[InboxRow]) -> None:
    assert Counter(row.provider_id for row in inbox) == Counter(s.id for s in said)
    assert Counter(row.status for row in inbox) == {"handled": len(said)}


def each_letter_is_sent_once(outbox: list[OutboxRow], sent: list[dict[str, Any]]) -> None:
    """A letter in flight at a kill may go twice at worst; its status should prevent even that."""
    assert Counter(row.status for row in outbox) == {"sent": len(outbox)}
    times = Counter(body["biz_opaque_callback_data"] for body in sent)
    assert {int(callback.partition(".")[0]) for callback in times} == {row.id for row in outbox}
    twice = {callback: count for callback, count in times.items() if count > 1}
    print(f"sent twice: {twice or 'none'}")
    assert len(twice) <= len(VICTIMS)


def order_is_kept(said: list[Said], inbox: list[InboxRow], outbox: list[OutboxRow], sent: list[dict[str, Any]]) -> None:
    told, stored, planned, arrived = (defaultdict(list) for _ in range(4))
    phone_of = {s.id: s.phone for s in said}
    contact_phone = {row.contact_id: phone_of[row.provider_id] for row in inbox}
    first = {row.turn_id: row.id for row in reversed(inbox)}
    for s in said:
        told[s.phone].append(s.id)
    for row in inbox:
        stored[phone_of[row.provider_id]].append(row.provider_id)
    for row in outbox:
        planned[contact_phone[row.contact_id]].append(first[row.turn_id])
    for callback, body in {b["biz_opaque_callback_data"]: b for b in sent}.items():
        row_id, _, part = callback.partition(".")
        arrived[body["to"].removeprefix("+")].append((int(row_id), int(part or 0)))
    assert stored == told
    for phone in told:
        assert planned[phone] == sorted(planned[phone]), phone
        assert arrived[phone] == sorted(arrived[phone]), phone


def the_last_word_is_answered(
    said: list[Said], inbox: list[InboxRow], outbox: list[OutboxRow], sent: list[dict[str, Any]]
) -> None:
    turn_of = {row.provider_id: row.turn_id for row in inbox}
    bodies = {body["biz_opaque_callback_data"]: body for body in sent}
    last = {s.phone: s for s in said}
    assert set(last) == set(CITIZENS)
    for phone, final in last.items():
        letters = [row for row in outbox if row.turn_id == turn_of[final.id]]
        answers = [bodies[str(row.id)] for row in letters]
        assert any(contract_of(phone) in str(body) for body in answers), (phone, final, str(answers))
