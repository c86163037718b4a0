"""Who works on an episode right now: one at a time, held by a lease in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.handoff.tables import EpisodeRow
from services.storage import Database, UtcDateTime
from services.storage.base import new_id


class LostLease(Exception):
    """Somebody else took the episode over; whatever was being written must not be."""


@dataclass(frozen=True)
class Held:
    """The right to work on an episode; `token` proves it, `rung` is how often it had been rung for."""

    id: str
    token: str
    rung: int


class Claims:
    """Takes episodes that are due, and gives them back."""

    def __init__(self, database: Database, *, lease_seconds: float = 60.0, wall: Clock | None = None) -> None:
        self.database = database
        self.lease = timedelta(seconds=lease_seconds)
        self.wall = wall or Clock()

    async def take(self, most: int) -> list[Held]:
        """Up to `most` that are due, the longest waiting first."""
        now = self.wall.now()
        free = or_(EpisodeRow.lease_until.is_(None), EpisodeRow.lease_until < now)
        query = select(EpisodeRow).where(and_(EpisodeRow.due_at <= now, free)).order_by(EpisodeRow.due_at).limit(most)
        async with self.database.begin() as session:
            rows = list(await session.scalars(query.with_for_update(skip_locked=True)))
            for row in rows:
                row.lease_owner, row.lease_until = new_id(), now + self.lease
            return [Held(row.id, row.lease_owner or "", row.rung) for row in rows]

    async def next_due(self) -> datetime | None:
        """When there will be something to take; None if nothing waits. Leases may run out sooner."""
        query = select(func.min(EpisodeRow.due_at)).where(EpisodeRow.lease_until.is_(None))
        async with self.database.read() as session:
            return await session.scalar(query)

    async def read(self, held: Held) -> EpisodeRow:
        """The episode as it is now."""
        async with self.database.read() as session:
            row = await session.get(EpisodeRow, held.id)
        if row is None:
            raise LostLease(held.id)
        return row

    async def mine(self, session: AsyncSession, held: Held, **values: object) -> None:
        """Write, and keep the episode a while longer.

        Raises:
            LostLease: it is no longer ours; the transaction must be given up.
        """
        owned = EpisodeRow.id == held.id, EpisodeRow.lease_owner == held.token
        kept = {"lease_until": self.wall.now() + self.lease, **values}
        changed = await session.execute(update(EpisodeRow).where(*owned).values(**kept).returning(EpisodeRow.id))
        if changed.first() is None:
            raise LostLease(held.id)

    async def write(self, held: Held, **values: object) -> None:
        """The same in a transaction of its own."""
        async with self.database.begin() as session:
            await self.mine(session, held, **values)

    async def release(self, held: Held, due: datetime | None, *, failed: bool = False) -> None:
        """Give it back, due then, or at once if it was rung for meanwhile and nothing failed."""
        when = literal(due, UtcDateTime())
        rung = case((EpisodeRow.rung != held.rung, literal(self.wall.now(), UtcDateTime())), else_=when)
        values = {"due_at": when if failed else rung, "attempts": EpisodeRow.attempts + 1 if failed else 0}
        owned = EpisodeRow.id == held.id, EpisodeRow.lease_owner == held.token
        freed = update(EpisodeRow).where(*owned).values(lease_owner=None, lease_until=None, **values)
        async with self.database.begin() as session:
            await session.execute(freed)
