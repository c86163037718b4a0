"""The inbox: one worker at a time per conversation, held by a lease in the database, nothing lost."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.digits_said import hide_digits
from services.messaging.inbound import Inbound
from services.messaging.tables import ConversationRow, InboxRow
from services.storage import Database
from services.storage.base import new_id

HIDDEN = "••••••"
MOST = 50  # messages taken together; what is beyond waits for the next claim


class LostLease(Exception):
    """Somebody else took the conversation over; whatever was being written must not be."""


@dataclass(frozen=True)
class InboxItem:
    """A stored message that waits for its turn."""

    id: int
    message: Inbound
    turn_id: str | None
    media_id: str | None
    attempts: int


@dataclass(frozen=True)
class Claim:
    """The right to work on one conversation until `until`; `token` proves it."""

    contact: str
    channel: str
    token: str
    attempts: int
    last_provider_id: str | None


class Inbox:
    """Claims conversations that are due, and gives them back."""

    def __init__(self, database: Database, *, lease_seconds: float = 60.0, wall: Clock | None = None) -> None:
        self.database = database
        self.lease = timedelta(seconds=lease_seconds)
        self.wall = wall or Clock()

    def _due(self, now: datetime) -> ColumnElement[bool]:
        free = or_(ConversationRow.lease_until.is_(None), ConversationRow.lease_until < now)
        return and_(ConversationRow.due_at <= now, free)

    async def next_due(self) -> datetime | None:
        """When there will be something to claim; None if nothing waits. Leases may run out sooner."""
        query = select(func.min(ConversationRow.due_at)).where(ConversationRow.lease_until.is_(None))
        async with self.database.read() as session:
            return await session.scalar(query)

    async def claim(self, most: int) -> list[Claim]:
        """Take up to `most` due conversations, the longest waiting first."""
        now = self.wall.now()
        query = select(ConversationRow).where(self._due(now)).order_by(ConversationRow.due_at).limit(most)
        async with self.database.begin() as session:
            rows = list(await session.scalars(query.with_for_update(skip_locked=True)))
            for row in rows:
                row.lease_owner, row.lease_until, row.burst_started_at = new_id(), now + self.lease, None
            return [Claim(r.contact_id, r.channel, r.lease_owner or "", r.attempts, r.last_provider_id) for r in rows]

    async def pending(self, claim: Claim) -> list[InboxItem]:
        """The conversation's messages that wait, in the order they were sent."""
        query = select(InboxRow).where(InboxRow.contact_id == claim.contact, InboxRow.status == "pending")
        async with self.database.read() as session:
            rows = await session.scalars(query.order_by(InboxRow.sent_at, InboxRow.id).limit(MOST))
            return [InboxItem(r.id, Inbound.model_validate(r.message), r.turn_id, r.media_id, r.attempts) for r in rows]

    async def renew(self, claim: Claim) -> None:
        """Keep the conversation a while longer.

        Raises:
            LostLease: it is no longer ours.
        """
        async with self.database.begin() as session:
            await self._mine(session, claim, lease_until=self.wall.now() + self.lease)

    async def plan(self, claim: Claim, steps: Sequence[tuple[str, Sequence[int]]]) -> None:
        """Remember which messages make up which step, so that a replay asks Rasa the very same thing."""
        async with self.database.begin() as session:
            await self._mine(session, claim, lease_until=self.wall.now() + self.lease)
            for turn_id, ids in steps:
                await session.execute(update(InboxRow).where(InboxRow.id.in_(ids)).values(turn_id=turn_id))

    async def keep_media(self, item: int, media_id: str) -> None:
        """The message's medium is downloaded; a replay need not do it again."""
        async with self.database.begin() as session:
            await session.execute(update(InboxRow).where(InboxRow.id == item).values(media_id=media_id))

    async def close(self, session: AsyncSession, claim: Claim, items: Iterable[int], status: str = "handled") -> None:
        """Mark messages done, inside the transaction that writes their replies.

        Raises:
            LostLease: the transaction must be given up.
        """
        await self._mine(session, claim, lease_until=self.wall.now() + self.lease, attempts=0)
        done = {"status": status, "handled_at": self.wall.now()}
        await session.execute(update(InboxRow).where(InboxRow.id.in_(list(items))).values(**done))

    async def hide(self, session: AsyncSession, items: Sequence[InboxItem], secrets: Collection[str]) -> None:
        """Take secrets out of what is kept of these messages; where they stand in none of them, all their words."""
        if not secrets:
            return
        said = {item.id: item.message.text or "" for item in items}
        kept = {item: reduce(without_secret, secrets, text) for item, text in said.items()}
        for item in items:
            text = kept[item.id] if kept != said else HIDDEN
            message = item.message.model_copy(update={"text": text}).model_dump(mode="json", exclude_defaults=True)
            await session.execute(update(InboxRow).where(InboxRow.id == item.id).values(message=message))

    async def release(self, session: AsyncSession, claim: Claim) -> bool:
        """Give the conversation back; True if newer messages wait in it.

        The row is locked before the look at the inbox, so a message stored meanwhile is never overlooked.
        """
        await self._mine(session, claim, lease_owner=None, lease_until=None)
        waits = InboxRow.contact_id == claim.contact, InboxRow.status == "pending"
        if await session.scalar(select(InboxRow.id).where(*waits).limit(1)):
            return True
        await session.execute(
            update(ConversationRow)
            .where(ConversationRow.contact_id == claim.contact)
            .values(due_at=None, burst_started_at=None)
        )
        return False

    async def back_off(self, claim: Claim, wait: timedelta, items: Iterable[int] = ()) -> None:
        """Give the conversation back unanswered; it is due again after `wait`."""
        async with self.database.begin() as session:
            await self._mine(
                session,
                claim,
                lease_owner=None,
                lease_until=None,
                due_at=self.wall.now() + wait,
                attempts=ConversationRow.attempts + 1,
            )
            tried = InboxRow.id.in_(list(items))
            await session.execute(update(InboxRow).where(tried).values(attempts=InboxRow.attempts + 1))

    async def _mine(self, session: AsyncSession, claim: Claim, **values: object) -> None:
        owned = ConversationRow.contact_id == claim.contact, ConversationRow.lease_owner == claim.token
        changed = await session.execute(
            update(ConversationRow).where(*owned).values(**values).returning(ConversationRow.contact_id)
        )
        if changed.first() is None:
            raise LostLease(claim.contact)


def without_secret(text: str, secret: str) -> str:
    """The text without this number, however it is written: digits, spaced, in words."""
    return hide_digits(text, "".join(character for character in secret if character.isdigit()), HIDDEN)
