"""A message path without channel and Rasa, on both engines, with a clock that can be moved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from services.clock import FixedClock
from services.contacts.service import Contacts
from services.messaging.bell import Bell
from services.messaging.inbound import Inbound, Kind, Sender, StatusUpdate
from services.messaging.inbox import Inbox
from services.messaging.ingest import Delivery, Ingest, Stored
from services.messaging.outbound import Text
from services.messaging.outbox import Draft, Letter, Outbox
from services.messaging.settle import Settler
from services.messaging.tables import ConversationRow, InboxRow, OutboxRow
from services.storage import Database

NOON = datetime(2026, 12, 7, 18, 0, tzinfo=UTC)
ROSA, LUIS = "5214425550163", "5214425550177"


@dataclass
class House:
    database: Database
    clock: FixedClock
    ingest: Ingest
    inbox: Inbox
    outbox: Outbox
    settler: Settler
    contacts: Contacts
    numbers: Any = field(default_factory=lambda: count(1))

    def message(self, text: str | None = "hola", phone: str | None = ROSA, **more: Any) -> Inbound:
        number = next(self.numbers)
        sender = more.pop("sender", Sender(phone=phone))
        given = {"provider_id": f"wamid.{number}", "kind": Kind.TEXT, "sent_at": self.clock.now(), **more}
        return Inbound(channel="whatsapp", sender=sender, text=text, **given)

    async def hear(self, *messages: Inbound) -> Stored:
        return await self.ingest.store(Delivery(messages))

    async def contact(self, phone: str = ROSA) -> str:
        stored = await self.hear(self.message(phone=phone))
        return stored.contacts[0]

    async def say(self, contact: str, *keys: str, priority: int = 0, later: float = 0) -> None:
        drafts = [Draft(key, Text(body=key), priority, turn_id="t1") for key in keys]
        not_before = self.clock.now() + timedelta(seconds=later) if later else None
        await self.outbox.enqueue(contact, "whatsapp", drafts, not_before)

    async def take(self, most: int = 10) -> list[Letter]:
        return await self.outbox.claim("whatsapp", most)

    async def status(self, provider_id: str, state: str, **more: Any) -> None:
        update = StatusUpdate(provider_id=provider_id, state=state, at=self.clock.now(), **more)
        await self.ingest.store(Delivery(statuses=[update]))

    async def row(self, key: str) -> OutboxRow:
        async with self.database.read() as session:
            return (await session.scalars(select(OutboxRow).where(OutboxRow.key == key))).one()

    async def inbox_rows(self) -> list[InboxRow]:
        async with self.database.read() as session:
            return list(await session.scalars(select(InboxRow).order_by(InboxRow.id)))

    async def due_in(self, contact: str) -> float | None:
        async with self.database.read() as session:
            row = await session.get(ConversationRow, contact)
            due = row.due_at if row else None
            return (due - self.clock.now()).total_seconds() if due else None


@pytest.fixture
def house(database: Database) -> House:
    clock, bell = FixedClock(NOON), Bell(None)
    return House(
        database=database,
        clock=clock,
        ingest=Ingest(database, clock, bell, wall=clock),
        inbox=Inbox(database, wall=clock),
        outbox=Outbox(database, bell, wall=clock),
        settler=Settler(database, clock),
        contacts=Contacts(database, clock),
    )
