"""The outbox: what María wants to say, written once, sent at most once, in order per contact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.clock import Clock
from services.messaging.bell import Bell
from services.messaging.outbound import OUTBOUND, Outbound
from services.messaging.tables import OutboxRow
from services.storage import Database
from services.storage.upsert import insert_new

REPLY, URGENT_NOTICE, NOTICE = 0, 1, 2
OPEN = ("pending", "sending", "unknown")
STATUS_WAIT = timedelta(seconds=8)  # how long a status may take to prove that a message with no answer did arrive


@dataclass(frozen=True)
class Letter:
    """A message to send. `part` is the first of its bodies not accepted yet."""

    id: int
    contact: str
    channel: str
    message: Outbound
    priority: int
    attempts: int
    part: int


@dataclass(frozen=True)
class Draft:
    """A message to be written into the outbox. The same `key` is written once, whoever tries."""

    key: str
    message: Outbound
    priority: int = REPLY
    turn_id: str | None = None


class Outbox:
    """Writes, claims and settles outbox rows."""

    def __init__(
        self, database: Database, bell: Bell, *, lease_seconds: float = 60.0, wall: Clock | None = None
    ) -> None:
        self.database = database
        self.bell = bell
        self.lease = timedelta(seconds=lease_seconds)
        self.wall = wall or Clock()

    async def write(
        self,
        session: AsyncSession,
        contact: str,
        channel: str,
        drafts: Sequence[Draft],
        not_before: datetime | None = None,
    ) -> int:
        """Add messages inside a transaction; how many are new. Ring `outbox` after it is committed."""
        now = self.wall.now()
        rows = [
            {
                "key": draft.key,
                "contact_id": contact,
                "channel": channel,
                "message": draft.message.model_dump(mode="json"),
                "priority": draft.priority,
                "status": "pending",
                "attempts": 0,
                "parts_sent": 0,
                "turn_id": draft.turn_id,
                "not_before": not_before or now,
                "created_at": now,
            }
            for draft in drafts
        ]
        return len(await insert_new(session, OutboxRow, rows, ("key",)))

    async def enqueue(
        self, contact: str, channel: str, drafts: Sequence[Draft], not_before: datetime | None = None
    ) -> int:
        """Add messages in a transaction of their own and wake the sender; how many were new."""
        async with self.database.begin() as session:
            new = await self.write(session, contact, channel, drafts, not_before)
        if new:
            await self.bell.ring("outbox")
        return new

    async def claim(self, channel: str, most: int) -> list[Letter]:
        """Take the next message of up to `most` contacts, replies first."""
        now = self.wall.now()
        async with self.database.begin() as session:
            await self._recover(session, now)
            query = select(OutboxRow).where(OutboxRow.channel == channel, _ready(now))
            query = query.order_by(OutboxRow.priority, OutboxRow.id).limit(most)
            rows = list(await session.scalars(query.with_for_update(skip_locked=True)))
            for row in rows:
                row.status, row.lease_until = "sending", now + self.lease
            return [_letter(row) for row in rows]

    async def next_ready(self, channel: str) -> datetime | None:
        """When the next unsent message may go or is looked at again; None if there is none."""
        waiting = OutboxRow.status.in_(("pending", "unknown"))
        query = select(func.min(OutboxRow.not_before)).where(OutboxRow.channel == channel, waiting)
        async with self.database.read() as session:
            return await session.scalar(query)

    async def _recover(self, session: AsyncSession, now: datetime) -> None:
        """A sender died with a message in hand: it may have gone, so its status is waited for first."""
        lost = OutboxRow.status == "sending", OutboxRow.lease_until < now
        values = {"status": "unknown", "lease_until": None, "not_before": now + STATUS_WAIT}
        await session.execute(update(OutboxRow).where(*lost).values(**values))

    async def offered(self, contact: str) -> list[Outbound]:
        """What the last turn said, oldest first: the choices a citizen may be answering."""
        async with self.database.read() as session:
            replies = OutboxRow.contact_id == contact, OutboxRow.priority == REPLY
            last = select(OutboxRow.turn_id).where(*replies).order_by(OutboxRow.id.desc()).limit(1)
            turn = await session.scalar(last)
            if turn is None:
                return []
            query = select(OutboxRow.message).where(*replies, OutboxRow.turn_id == turn).order_by(OutboxRow.id)
            return [OUTBOUND.validate_python(message) for message in await session.scalars(query)]

    async def recent(self, contact: str, most: int = 30) -> list[Outbound]:
        """The last messages to a contact, newest first."""
        query = select(OutboxRow.message).where(OutboxRow.contact_id == contact)
        async with self.database.read() as session:
            found = await session.scalars(query.order_by(OutboxRow.id.desc()).limit(most))
            return [OUTBOUND.validate_python(message) for message in found]

    async def is_last(self, contact: str, provider_id: str) -> bool:
        """Whether this is the newest message the contact got."""
        query = select(OutboxRow.provider_id).where(OutboxRow.contact_id == contact)
        query = query.where(OutboxRow.provider_id.is_not(None)).order_by(OutboxRow.id.desc()).limit(1)
        async with self.database.read() as session:
            return await session.scalar(query) == provider_id

    async def has_spoken(self, contact: str) -> bool:
        """Whether María ever wrote to this contact."""
        async with self.database.read() as session:
            query = select(OutboxRow.id).where(OutboxRow.contact_id == contact).limit(1)
            return await session.scalar(query) is not None


def _ready(now: datetime) -> ColumnElement[bool]:
    """Due, and nothing of the same contact is under way, unsettled or ahead in the queue."""
    other = aliased(OutboxRow)
    ahead = or_(
        other.priority < OutboxRow.priority,
        and_(other.priority == OutboxRow.priority, other.id < OutboxRow.id),
    )
    queued = and_(other.status == "pending", or_(other.attempts > 0, other.not_before <= now))
    busy = or_(other.status.in_(("sending", "unknown")), and_(OutboxRow.status == "pending", queued, ahead))
    same = other.contact_id == OutboxRow.contact_id, other.id != OutboxRow.id
    blocked = select(other.id).where(*same, other.status.in_(OPEN), busy).correlate(OutboxRow).exists()
    settling = select(other.id).where(*same, other.settle_until > now, other.delivery.is_(None))
    todo = OutboxRow.status.in_(("pending", "unknown"))
    return and_(todo, OutboxRow.not_before <= now, ~blocked, ~settling.correlate(OutboxRow).exists())


def _letter(row: OutboxRow) -> Letter:
    message = OUTBOUND.validate_python(row.message)
    return Letter(row.id, row.contact_id, row.channel, message, row.priority, row.attempts, row.parts_sent)
