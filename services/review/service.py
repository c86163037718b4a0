"""Keeping, listing and settling messages that were not understood."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.errors import NotFound
from services.review.masking import Masker
from services.review.tables import UnclearRow
from services.storage import Database
from services.storage.upsert import insert_new

LONGEST = 500  # characters; the rest of a longer message is of no use for labelling
MOST_SHOWN, MOST_KEPT = 500, 10_000


@dataclass(frozen=True)
class Message:
    """One masked message as the review page shows it."""

    id: int
    text: str
    reason: str
    ranking: tuple[tuple[str, float], ...]
    status: str
    label: str | None
    written: str | None
    seen_at: datetime


@dataclass
class Review:
    """`days`: how long a message is kept, whatever became of it; 0 keeps nothing."""

    database: Database
    clock: Clock
    days: int
    masker: Masker = field(default_factory=Masker.read)

    async def keep(self, session: AsyncSession, turn_id: str, heard: Mapping[str, Any], name: str | None) -> None:
        """Write a message masked, in the transaction that closes its turn; twice is once.

        Args:
            session: the open transaction.
            turn_id: of the turn; only its digest is stored.
            heard: `words`, `reason`, `ranking`, `entities`, as `bot/channel/unclear.py` gives it.
            name: what the citizen is called on the channel, to be taken out of the text.
        """
        text = self.masker.mask(str(heard["words"]), heard["entities"], name)[:LONGEST].strip()
        if self.days <= 0 or not text:
            return
        row = {
            "key": hashlib.sha256(turn_id.encode()).hexdigest(),
            "text": text,
            "reason": heard["reason"],
            "ranking": list(heard["ranking"]),
            "status": "open",
            "seen_at": self.clock.now(),
        }
        await insert_new(session, UnclearRow, [row], ("key",))

    async def waiting(self) -> list[Message]:
        """What nobody has decided about yet, newest first, at most `MOST_SHOWN`."""
        query = select(UnclearRow).where(UnclearRow.status == "open").order_by(UnclearRow.id.desc()).limit(MOST_SHOWN)
        async with self.database.read() as session:
            return [_message(row) for row in await session.scalars(query)]

    async def get(self, message: int) -> Message:
        """One message.

        Raises:
            NotFound: there is none, or its time is over.
        """
        async with self.database.read() as session:
            row = await session.get(UnclearRow, message)
        if row is None:
            raise NotFound("unclear message")
        return _message(row)

    async def settle(self, message: int, status: str, label: str | None = None, written: str | None = None) -> None:
        """It is labelled or ignored, or open again.

        Raises:
            NotFound: as for `get`.
        """
        when = None if status == "open" else self.clock.now()
        values = {"status": status, "label": label, "written": written, "settled_at": when}
        async with self.database.begin() as session:
            made = update(UnclearRow).where(UnclearRow.id == message).values(values).returning(UnclearRow.id)
            if (await session.execute(made)).first() is None:
                raise NotFound("unclear message")

    async def judged(self, start: datetime, end: datetime) -> list[tuple[str, str]]:
        """Of what people labelled: what María had guessed first, and what it was."""
        query = select(UnclearRow.ranking, UnclearRow.label).where(UnclearRow.status == "labelled")
        query = query.where(UnclearRow.seen_at >= start, UnclearRow.seen_at < end, UnclearRow.label.is_not(None))
        async with self.database.read() as session:
            rows = (await session.execute(query)).all()
        return [(str(ranking[0]["name"]), str(label)) for ranking, label in rows if ranking]

    async def drop_older(self) -> int:
        """Delete what is older than `days`, and the oldest beyond `MOST_KEPT`; how many."""
        oldest = self.clock.now() - timedelta(days=self.days)
        surplus = select(UnclearRow.id).order_by(UnclearRow.id.desc()).offset(MOST_KEPT)
        async with self.database.begin() as session:
            made = delete(UnclearRow).where((UnclearRow.seen_at < oldest) | UnclearRow.id.in_(surplus))
            return len((await session.execute(made.returning(UnclearRow.id))).all())


def _message(row: UnclearRow) -> Message:
    ranking = tuple((str(r["name"]), float(r["confidence"])) for r in row.ranking)
    return Message(row.id, row.text, row.reason, ranking, row.status, row.label, row.written, row.seen_at)
