"""What became of a letter that was taken from the outbox, written in group commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.messaging.outbox import STATUS_WAIT, Letter
from services.messaging.tables import OutboxRow
from services.storage import Database
from services.storage.batcher import Batcher

SETTLE = timedelta(seconds=1)  # a file is slower than text (whatsapp.md section 4): the next message waits


@dataclass(frozen=True)
class _Change:
    id: int
    values: dict[str, Any]
    only_in_hand: bool


class Settler:
    """Every way a letter can end, or go back into the queue."""

    def __init__(self, database: Database, wall: Clock | None = None) -> None:
        self.wall = wall or Clock()
        self._batcher: Batcher[_Change, None] = Batcher(database, self._apply)

    async def accepted(self, letter: Letter, part: int, provider_id: str, *, last: bool, file: bool) -> None:
        """The provider took a body; with the `last` one the letter is sent."""
        now = self.wall.now()
        values: dict[str, Any] = {"provider_id": provider_id, "parts_sent": part + 1, "sent_at": now}
        if last:
            values |= {"status": "sent", "lease_until": None, "settle_until": now + SETTLE if file else None}
        await self._write(letter, values, only_in_hand=False)

    async def already_sent(self, letter: Letter) -> None:
        """A status proved it while nobody was looking."""
        await self._write(letter, {"status": "sent", "lease_until": None})

    async def later(self, letter: Letter, wait: timedelta, error: str | None = None) -> None:
        """Back into the queue; with an `error` it counts as an attempt."""
        attempts = letter.attempts + (1 if error else 0)
        values = {
            "status": "pending",
            "not_before": self.wall.now() + wait,
            "attempts": attempts,
            "error": error,
        }
        await self._write(letter, {**values, "lease_until": None})

    async def unknown(self, letter: Letter, error: str) -> None:
        """It left and no clear answer came: look again when its status has had time to arrive."""
        values = {"status": "unknown", "not_before": self.wall.now() + STATUS_WAIT, "error": error}
        await self._write(letter, {**values, "attempts": letter.attempts + 1, "lease_until": None})

    async def over(self, letter: Letter, status: Literal["failed", "expired"], error: str) -> None:
        """It will not be sent."""
        await self._write(letter, {"status": status, "error": error[:40], "lease_until": None})

    async def _write(self, letter: Letter, values: dict[str, Any], *, only_in_hand: bool = True) -> None:
        await self._batcher.add(_Change(letter.id, values, only_in_hand))

    async def _apply(self, session: AsyncSession, changes: Sequence[_Change]) -> list[None]:
        for change in sorted(changes, key=lambda c: c.id):
            query = update(OutboxRow).where(OutboxRow.id == change.id).values(**change.values)
            if change.only_in_hand:
                query = query.where(OutboxRow.status == "sending")
            await session.execute(query)
        return [None] * len(changes)
