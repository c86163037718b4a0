"""Counting what may only be done so often."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select

from services.clock import Clock
from services.identity.tables import AttemptRow
from services.storage import Database


class Attempts:
    """Countable events per contact; in the database, so that no restart forgives."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    async def note(self, contact: str, kind: str, subject: str = "") -> None:
        """Count one."""
        async with self._db.begin() as session:
            session.add(AttemptRow(contact_id=contact, kind=kind, subject=subject, at=self._clock.now()))

    async def count(self, contact: str, kind: str, within: timedelta, subject: str | None = None) -> int:
        """How many in the last `within`."""
        async with self._db.read() as session:
            query = select(func.count()).select_from(AttemptRow).where(*self._where(contact, kind, within, subject))
            return int(await session.scalar(query) or 0)

    async def subjects(self, contact: str, kind: str, within: timedelta) -> set[str]:
        """The distinct subjects in the last `within`."""
        query = select(AttemptRow.subject).where(*self._where(contact, kind, within, None)).distinct()
        async with self._db.read() as session:
            return set((await session.scalars(query)).all())

    async def oldest(self, contact: str, kind: str, within: timedelta, subject: str) -> datetime | None:
        """When the first of those in the last `within` was."""
        query = select(func.min(AttemptRow.at)).where(*self._where(contact, kind, within, subject))
        async with self._db.read() as session:
            return await session.scalar(query)

    async def clear(self, contact: str, kind: str, subject: str) -> None:
        """Start over, after a success."""
        async with self._db.begin() as session:
            await session.execute(
                delete(AttemptRow).where(
                    AttemptRow.contact_id == contact, AttemptRow.kind == kind, AttemptRow.subject == subject
                )
            )

    def _where(self, contact: str, kind: str, within: timedelta, subject: str | None) -> list[ColumnElement[bool]]:
        where: list[ColumnElement[bool]] = [
            AttemptRow.contact_id == contact,
            AttemptRow.kind == kind,
            AttemptRow.at > self._clock.now() - within,
        ]
        if subject is not None:
            where.append(AttemptRow.subject == subject)
        return where
