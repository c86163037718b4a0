"""Writing events down, once each, and reading them back."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select

from services.analytics.tables import AnalyticsRow
from services.clock import Clock
from services.metrics import EVENTS, RATINGS
from services.storage import Database
from services.storage.upsert import insert_new

Kind = Literal["heard", "step", "done", "failed", "ended", "level", "handoff", "ticket", "rated", "checked", "exposed"]
KEEP = timedelta(days=400)
LONGEST = 60


@dataclass(frozen=True)
class Event:
    """One thing to count.

    heard: name = intent, value = confidence 0..1 · step, done, failed, ended: name = errand; of failed,
    detail = the response that said so ·
    level: name = level of evidence · handoff: name = reason, detail = errand · exposed: name = experiment,
    detail = variant · ticket: as handoff, left instead of waiting · rated: name = reason of the handoff, value = 1..5 ·
    checked: name = intent that was guessed, detail = the right one, as the citizen chose it, value = 1 right, 0 wrong.
    """

    kind: Kind
    name: str
    detail: str | None = None
    value: float | None = None


@dataclass(frozen=True)
class Happened:
    """An event that was kept. `person` cannot be traced back to a contact without the installation's secret."""

    at: datetime
    person: str
    event: Event


class Analytics:
    """The book of events."""

    def __init__(self, database: Database, clock: Clock, pepper: str) -> None:
        self._database, self._clock = database, clock
        self._key = hashlib.sha256(b"analytics:" + pepper.encode()).digest()

    def person(self, contact: str) -> str:
        """A contact's stand-in, 16 hex characters."""
        return hmac.new(self._key, contact.encode(), hashlib.sha256).hexdigest()[:16]

    async def record(self, contact: str, turn_id: str, events: Sequence[Event], *, anew: bool = False) -> int:
        """Keep events of a turn; what this turn said before is not counted again, or with `anew` replaced by these.

        How many were new.
        """
        person, at = self.person(contact), self._clock.now()
        rows = [
            {
                "key": f"{person}:{turn_id[:64]}:{e.kind}:{e.name[:LONGEST]}",
                "at": at,
                "person": person,
                "kind": e.kind,
                "name": e.name[:LONGEST],
                "detail": e.detail[:LONGEST] if e.detail else None,
                "value": e.value,
            }
            for e in events
        ]
        async with self._database.begin() as session:
            if anew:
                await session.execute(delete(AnalyticsRow).where(AnalyticsRow.key.in_([row["key"] for row in rows])))
            new = await insert_new(session, AnalyticsRow, rows, ("key",), ("kind", "name", "value", "id"))
        for kind, name, value, _ in new:
            EVENTS.labels(kind, name).inc()
            if kind == "rated" and value is not None:
                RATINGS.labels(name).observe(value)
        return len(new)

    async def between(self, start: datetime, end: datetime) -> list[Happened]:
        """What happened from `start` to before `end`, in order."""
        query = select(AnalyticsRow).where(AnalyticsRow.at >= start, AnalyticsRow.at < end)
        async with self._database.read() as session:
            rows = await session.scalars(query.order_by(AnalyticsRow.at, AnalyticsRow.id))
            return [Happened(r.at, r.person, Event(r.kind, r.name, r.detail, r.value)) for r in rows]  # type: ignore[arg-type]

    async def of(self, contact: str, since: datetime) -> list[tuple[str, Event]]:
        """What happened with one contact, in order, each with the turn in which it did."""
        person = self.person(contact)
        query = select(AnalyticsRow).where(AnalyticsRow.person == person, AnalyticsRow.at >= since)
        async with self._database.read() as session:
            rows = await session.scalars(query.order_by(AnalyticsRow.at, AnalyticsRow.id))
            return [(_turn(r), Event(r.kind, r.name, r.detail, r.value)) for r in rows]  # type: ignore[arg-type]

    async def drop_older(self, than: timedelta = KEEP) -> None:
        """Forget what is older than a year and a bit."""
        async with self._database.begin() as session:
            await session.execute(delete(AnalyticsRow).where(AnalyticsRow.at < self._clock.now() - than))


def _turn(row: AnalyticsRow) -> str:
    return row.key.removeprefix(f"{row.person}:").removesuffix(f":{row.kind}:{row.name}")
