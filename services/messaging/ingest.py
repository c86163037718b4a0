"""Everything a webhook brings, stored before it is acknowledged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.contacts import book
from services.messaging.bell import Bell
from services.messaging.burst import longest, wait_after
from services.messaging.deliveries import record_statuses
from services.messaging.inbound import AliasChange, Inbound, Kind, StatusUpdate
from services.messaging.tables import ConversationRow, InboxRow
from services.storage import Database, UtcDateTime
from services.storage.batcher import Batcher
from services.storage.upsert import insert, insert_new

SILENT = frozenset({Kind.SYSTEM, Kind.IGNORED})


@dataclass(frozen=True)
class Delivery:
    """One webhook's content."""

    messages: Sequence[Inbound] = ()
    statuses: Sequence[StatusUpdate] = ()
    changes: Sequence[AliasChange] = ()


@dataclass
class Stored:
    """What became of it. `fresh` counts the messages not seen before; `settled`: the sender may go on."""

    fresh: int = 0
    repeats: int = 0
    settled: bool = False
    contacts: list[str] = field(default_factory=list)


class Ingest:
    """Stores deliveries, many in one transaction when they come quickly."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bell: Bell,
        *,
        burst_seconds: float = 1.0,
        register: book.RegisterOf = book.always_usted,
        wall: Clock | None = None,
    ) -> None:
        self.clock = clock
        self.wall = wall or Clock()  # leases and waits follow the machine, not the sandbox's moved clock
        self.bell = bell
        self.burst = timedelta(seconds=burst_seconds)
        self.register = register
        self._batcher: Batcher[Delivery, Stored] = Batcher(database, self._apply)

    async def store(self, delivery: Delivery) -> Stored:
        """Returns once every message is in the inbox. A repeat changes nothing.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: nothing of this delivery was stored; the provider should come again.
        """
        if not (delivery.messages or delivery.statuses or delivery.changes):
            return Stored()
        stored = await self._batcher.add(delivery)
        if stored.fresh:
            await self.bell.ring("inbox")
        if stored.settled:
            await self.bell.ring("outbox")
        return stored

    async def _apply(self, session: AsyncSession, deliveries: Sequence[Delivery]) -> list[Stored]:
        await self._move(session, [change for delivery in deliveries for change in delivery.changes])
        messages = [m for delivery in deliveries for m in delivery.messages]
        fresh = await self._store_messages(session, messages)
        statuses = [status for delivery in deliveries for status in delivery.statuses]
        settled = await record_statuses(session, statuses, self.wall.now())
        return [self._report(delivery, fresh, settled) for delivery in deliveries]

    async def _move(self, session: AsyncSession, changes: Sequence[AliasChange]) -> None:
        """Apply the changes that are told for the first time: an old number may have a new owner by now."""
        if not changes:
            return
        ids = {change.provider_id for change in changes if change.provider_id}
        told = set(await session.scalars(select(InboxRow.provider_id).where(InboxRow.provider_id.in_(ids))))
        for change in changes:
            if change.provider_id not in told:
                await book.move(session, change, self.clock.now())

    @staticmethod
    def _report(delivery: Delivery, fresh: dict[tuple[str, str], str], settled: bool) -> Stored:
        report = Stored(settled=settled)
        for message in delivery.messages:
            contact = fresh.pop((message.channel, message.provider_id), None)
            if contact is None:
                report.repeats += 1
            else:
                report.fresh += 1
                report.contacts.append(contact)
        return report

    async def _store_messages(self, session: AsyncSession, messages: Sequence[Inbound]) -> dict[tuple[str, str], str]:
        """(channel, provider id) → contact, for the messages that are new and from somebody."""
        now = self.clock.now()
        owners: dict[tuple[str, str], str] = {}
        for channel in sorted({m.channel for m in messages}):
            mine = [m for m in messages if m.channel == channel]
            found = await book.resolve(session, channel, [m.sender for m in mine], now, self.register)
            owners |= {(channel, m.provider_id): c for m, c in zip(mine, found, strict=True) if c}
        rows: dict[tuple[str, str], dict[str, Any]] = {}
        for message in messages:
            key = (message.channel, message.provider_id)
            if key in owners:
                rows.setdefault(key, self._row(message, owners[key]))
        fresh = await insert_new(session, InboxRow, list(rows.values()), ("channel", "provider_id"))
        last: dict[str, Inbound] = {}
        for message in messages:
            key = (message.channel, message.provider_id)
            if key in fresh and message.kind not in SILENT:
                last[owners[key]] = message
        await self._wake(session, last)
        return {(c, p): owners[c, p] for c, p in fresh}

    def _row(self, message: Inbound, contact: str) -> dict[str, Any]:
        return {
            "channel": message.channel,
            "provider_id": message.provider_id,
            "contact_id": contact,
            "kind": message.kind.value,
            "message": message.model_dump(mode="json", exclude_defaults=True),
            "status": "ignored" if message.kind in SILENT else "pending",
            "attempts": 0,
            "sent_at": message.sent_at,
            "received_at": self.wall.now(),
        }

    async def _wake(self, session: AsyncSession, last: dict[str, Inbound]) -> None:
        """Say from when each conversation may be answered (`burst.py`), and that its citizen wrote."""
        now, table = self.wall.now(), ConversationRow
        for contact, message in sorted(last.items()):
            wait = wait_after(message, self.burst)
            due = now + wait
            values = {
                "channel": message.channel,
                "due_at": due,
                "burst_started_at": now,
                "last_inbound_at": self.clock.now(),
                "last_provider_id": message.provider_id,
            }
            long = table.burst_started_at < longest(now, wait)
            made = insert(session, table).values(contact_id=contact, attempts=0, **values)
            changed = {
                **values,
                "due_at": case((long, literal(now, UtcDateTime())), else_=literal(due, UtcDateTime())),
                "burst_started_at": func.coalesce(table.burst_started_at, literal(now, UtcDateTime())),
            }
            await session.execute(made.on_conflict_do_update(index_elements=["contact_id"], set_=changed))
