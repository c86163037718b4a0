"""Which stored messages belong to an episode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.handoff.tables import EpisodeRow
from services.messaging.inbound import Kind
from services.messaging.tables import InboxRow, OutboxRow

NO_MESSAGE = (Kind.EVENT.value, Kind.SYSTEM.value, Kind.IGNORED.value)
TAKEN = ("handled", "ignored", "failed")
FROM_DESK = "desk:"  # outbox keys of what a person wrote


@dataclass(frozen=True)
class Talk:
    """Stored messages of both sides, each in order."""

    inbox: Sequence[InboxRow]
    outbox: Sequence[OutboxRow]


async def last_ids(session: AsyncSession, contact: str) -> tuple[int, int]:
    """The newest inbox and outbox ids of a contact; 0 where there is none."""
    last_in = await session.scalar(select(func.max(InboxRow.id)).where(InboxRow.contact_id == contact))
    last_out = await session.scalar(select(func.max(OutboxRow.id)).where(OutboxRow.contact_id == contact))
    return last_in or 0, last_out or 0


async def recent(session: AsyncSession, contact: str, since: datetime, most: int, turn: str) -> Talk:
    """What was said since a moment, at most so many on each side, with the turn that asked for a person."""
    mine = InboxRow.contact_id == contact, InboxRow.kind.not_in(NO_MESSAGE), InboxRow.received_at >= since
    done = or_(InboxRow.status.in_((*TAKEN, "relayed")), InboxRow.turn_id == turn)
    inbox = select(InboxRow).where(*mine, done).order_by(InboxRow.id.desc()).limit(most)
    said = OutboxRow.contact_id == contact, OutboxRow.created_at >= since
    outbox = select(OutboxRow).where(*said).order_by(OutboxRow.id.desc()).limit(most)
    rows_in, rows_out = list(await session.scalars(inbox)), list(await session.scalars(outbox))
    return Talk(sorted(rows_in, key=lambda r: (r.sent_at, r.id)), rows_out[::-1])


async def fresh(session: AsyncSession, episode: EpisodeRow) -> Talk:
    """What may have to go to the desk: taken for the person, or said around the moment of handing over."""
    mine = InboxRow.contact_id == episode.contact_id, InboxRow.kind.not_in(NO_MESSAGE)
    around = InboxRow.status.in_(TAKEN) & (InboxRow.id >= episode.inbox_from)
    if episode.inbox_to is not None:
        around &= InboxRow.id <= episode.inbox_to
    query = select(InboxRow).where(*mine, or_(InboxRow.status == "relayed", around))
    rows_in = list(await session.scalars(query.order_by(InboxRow.sent_at, InboxRow.id)))
    said = OutboxRow.contact_id == episode.contact_id, OutboxRow.id >= episode.outbox_from
    out = select(OutboxRow).where(*said, OutboxRow.key.not_like(f"{FROM_DESK}%"))
    if episode.outbox_to is not None:
        out = out.where(OutboxRow.id <= episode.outbox_to)
    return Talk(rows_in, list(await session.scalars(out.order_by(OutboxRow.id))))
