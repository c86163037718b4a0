"""Carries out what operators decided about the cases of `reviews`."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.payments import rows
from services.payments.model import Kind, State
from services.payments.posting import Posting
from services.payments.reviews import Decision
from services.payments.settlement import Settlement
from services.payments.tables import PaymentNoteRow, PaymentRow, PostingRow, ReviewRow
from services.storage import Database

BATCH = 50


async def carry_out(db: Database, clock: Clock, settlement: Settlement, posting: Posting | None) -> int:
    """Each decision in a transaction of its own, with everything that hangs on it; how many."""
    query = select(ReviewRow.id).where(ReviewRow.decision.is_not(None), ReviewRow.closed_at.is_(None))
    async with db.read() as session:
        waiting = list(await session.scalars(query.order_by(ReviewRow.id).limit(BATCH)))
    for case_id in waiting:
        async with db.begin() as session:
            case = await session.get_one(ReviewRow, case_id, with_for_update=True)
            if case.closed_at is None:
                await _one(session, clock, settlement, posting, case)
                case.closed_at = clock.now()
    return len(waiting)


async def _one(
    session: AsyncSession, clock: Clock, settlement: Settlement, posting: Posting | None, case: ReviewRow
) -> None:
    decision = Decision(str(case.decision))
    payment = await session.get_one(PaymentRow, case.payment_id, with_for_update=True)
    rows.note(session, payment, clock.now(), f"review_{decision.value}", case.reason)
    if case.posting_id is not None:
        if posting is not None:
            await posting.decide(session, await session.get_one(PostingRow, case.posting_id), decision)
    elif decision is Decision.ACCEPT and payment.state == State.REVIEW:
        await _accept(session, clock, settlement, payment)
    elif decision is Decision.RETURNED and payment.state == State.REVIEW:
        rows.move(session, payment, clock.now(), State.RETURNED)


async def _accept(session: AsyncSession, clock: Clock, settlement: Settlement, payment: PaymentRow) -> None:
    """It is a payment after all. One that had been paid before has been told and posted already."""
    paid = PaymentNoteRow.payment_id == payment.id, PaymentNoteRow.what == State.PAID.value
    told = await session.scalar(select(PaymentNoteRow.id).where(*paid).limit(1))
    rows.move(session, payment, clock.now(), State.PAID)
    if told is None:
        await settlement.tell(session, payment, Kind.PAID, None)
