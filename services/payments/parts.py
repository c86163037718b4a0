"""What payments through María already lie on bills, and whether the billing system has booked them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.payments.model import Method, State
from services.payments.tables import PaymentRow, PostingRow

ARRIVED = (State.PAID.value, State.REVIEW.value)
ON_ITS_WAY = ("due", "posting")


class Booked(StrEnum):
    """Whether what the billing system says of the bill is after these payments."""

    YES = "yes"
    SOON = "soon"
    UNCLEAR = "unclear"  # under review, not posted by us, or a charge of auto-pay's own


@dataclass(frozen=True)
class BillParts:
    """The payments of a bill and how much of them is for it."""

    ids: frozenset[str] = frozenset()
    centavos: int = 0
    booked: Booked = Booked.YES


async def parts_of(session: AsyncSession, contract: str, bill: str) -> BillParts:
    """All that arrived for a bill, whoever paid it."""
    arrived = PaymentRow.contract == contract, PaymentRow.state.in_(ARRIVED)
    shares = {
        row: share for row in await session.scalars(select(PaymentRow).where(*arrived)) if (share := _share(row, bill))
    }
    states = [await _booked(session, row, share.get("reference")) for row, share in shares.items()]
    booked = next((state for state in (Booked.UNCLEAR, Booked.SOON) if state in states), Booked.YES)
    paid = sum(int(share["amount_centavos"]) for share in shares.values())
    return BillParts(frozenset(row.id for row in shares), paid, booked)


async def not_booked(
    session: AsyncSession, contract: str, since: datetime, sure_after: datetime
) -> frozenset[tuple[str, int]]:
    """(bill, centavos) of what was paid after `since`; posted ones only if that was after `sure_after`."""
    paid = PaymentRow.contract == contract, PaymentRow.state == State.PAID.value, PaymentRow.paid_at > since
    found = list(await session.scalars(select(PaymentRow).where(*paid)))
    done = PostingRow.payment_id.in_([row.id for row in found]), PostingRow.status == "posted"
    posted = set((await session.execute(select(PostingRow.payment_id, PostingRow.reference).where(*done))).tuples())
    return frozenset(
        (share["number"], share["amount_centavos"])
        for row in found
        for share in row.bills
        if (row.id, share.get("reference")) not in posted or (row.paid_at and row.paid_at > sure_after)
    )


def _share(row: PaymentRow, bill: str) -> dict[str, Any] | None:
    return next((share for share in row.bills if share["number"] == bill), None)


async def _booked(session: AsyncSession, row: PaymentRow, reference: object) -> Booked:
    if row.state != State.PAID or row.method == Method.AUTO:
        return Booked.UNCLEAR
    mine = PostingRow.payment_id == row.id, PostingRow.reference == reference
    status = await session.scalar(select(PostingRow.status).where(*mine))
    if status in ON_ITS_WAY:
        return Booked.SOON
    return Booked.YES if status == "posted" else Booked.UNCLEAR
