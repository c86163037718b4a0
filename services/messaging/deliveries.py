"""What became of sent messages: never backwards, the history kept, strangers' messages left alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.messaging.inbound import StatusUpdate
from services.messaging.tables import DeliveryRow, OutboxRow
from services.storage.upsert import insert_new

# A failure can be followed by a delivery (whatsapp.md section 3), never the other way round.
RANK = {None: 0, "sent": 1, "failed": 2, "delivered": 3, "read": 4, "played": 4}
MOST_ATTEMPTS = 5
RETRY_AFTER = timedelta(seconds=8)


def callback_of(row_id: int, part: int) -> str:
    """What a message carries so that its status finds the row: `12` or, for a further part, `12.1`."""
    return str(row_id) if part == 0 else f"{row_id}.{part}"


def _parse(callback: str | None) -> tuple[int, int] | None:
    row, _, part = (callback or "").partition(".")
    if row.isascii() and row.isdigit() and len(row) < 19 and (part == "" or (part.isascii() and part.isdigit())):
        return int(row), int(part or 0)
    return None


async def record_statuses(session: AsyncSession, updates: Sequence[StatusUpdate], now: datetime) -> bool:
    """Bring the outbox up to date; a status for a message that is not ours changes nothing.

    True if the sender may go on with something it was waiting with.
    """
    known = [u for u in updates if u.state in RANK]
    if not known:
        return False
    ids = {place[0] for u in known if (place := _parse(u.callback))}
    where = or_(OutboxRow.provider_id.in_({u.provider_id for u in known}), OutboxRow.id.in_(ids))
    rows = list(await session.scalars(select(OutboxRow).where(where).order_by(OutboxRow.id).with_for_update()))
    by_id = {row.id: row for row in rows}
    by_provider = {row.provider_id: row for row in rows if row.provider_id}
    history = []
    for update in known:
        place = _parse(update.callback)
        row = by_id.get(place[0]) if place else by_provider.get(update.provider_id)
        if row is None:
            continue
        history.append(
            {"provider_id": update.provider_id, "state": update.state, "error": update.error, "at": update.at}
        )
        _apply(row, update, place[1] if place else max(0, row.parts_sent - 1), now)
    await insert_new(session, DeliveryRow, history, ("provider_id", "state"))
    return any(row.status == "pending" or (row.settle_until and row.settle_until > now) for row in rows)


def _apply(row: OutboxRow, update: StatusUpdate, part: int, now: datetime) -> None:
    if row.status in ("sending", "unknown") and part >= row.parts_sent:
        _settle(row, update, part, now)
    if row.provider_id != update.provider_id:
        return  # an earlier part of a long text
    if update.state == "failed" and update.again and row.delivery is None and row.attempts < MOST_ATTEMPTS:
        row.status, row.not_before = "pending", now + RETRY_AFTER
        row.parts_sent = part
    elif RANK[update.state] > RANK[row.delivery]:
        row.delivery = "read" if update.state == "played" else update.state
        row.error = update.error if update.state == "failed" else None


def _settle(row: OutboxRow, update: StatusUpdate, part: int, now: datetime) -> None:
    """The answer to the request was lost or is late, but the message did arrive: this status proves it."""
    row.provider_id = update.provider_id
    row.parts_sent = part + 1
    row.sent_at = row.sent_at or now
    if row.status == "unknown":
        row.status, row.not_before = "pending", now  # the sender looks whether further parts are left
