"""Tells the billing system's ledger about payments, if that is switched on. Each posting leaves once, at most."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.errors import NotFound, Refused, Unavailable, UnknownOutcome
from services.payments import reviews, rows
from services.payments.model import Kind, PaymentChange, PaymentOrder
from services.payments.reviews import Decision
from services.payments.settlement import Settlement
from services.payments.tables import PaymentRow, PostingRow
from services.storage import Database

log = structlog.get_logger(__name__)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_DOUBLINGS = 10  # an outage of days must not end in a number that no calendar holds
GIVEN_UP_AFTER = timedelta(minutes=10)
BATCH = 20


class Ledger(Protocol):
    """The one thing needed of the billing system; `services.aquasis` has it."""

    async def post_payment(self, reference: str, amount: Decimal, paid_at: datetime, ticket: str) -> None:
        """`cobrarReferencia`: moves money and must not be repeated blindly (aquasis.md, point 24)."""


def plan(payment: PaymentOrder) -> list[tuple[str, int]]:
    """(billing reference, centavos) of each bill, if the bills add up to the payment; else nothing."""
    shares = [(bill.reference, bill.amount_centavos) for bill in payment.bills]
    if sum(amount for _, amount in shares) != payment.counted_centavos:
        return []
    known = [(reference, amount) for reference, amount in shares if reference]
    return known if len(known) == len(shares) else []


class Posting:
    """A listener that writes what is due, and the worker that does it."""

    def __init__(self, db: Database, clock: Clock, ledger: Ledger, settlement: Settlement) -> None:
        self._db, self._clock, self._ledger, self._settlement = db, clock, ledger, settlement
        settlement.listeners.append(self._when_paid)

    async def _when_paid(self, session: AsyncSession, change: PaymentChange) -> None:
        """In the payment's own transaction. What cannot be laid on bills is a person's work: `manual`."""
        if change.kind is not Kind.PAID:
            return
        payment, now = change.payment, self._clock.now()
        shares = plan(payment)
        status = "due" if shares else "manual"
        known = {"payment_id": payment.id, "status": status, "not_before": now}
        for reference, amount in shares or [("", payment.counted_centavos)]:
            posting = PostingRow(**known, reference=reference, amount_centavos=amount)
            session.add(posting)
            if not shares:
                await session.flush()
                await reviews.open_for_posting(session, posting, now)

    async def post_due(self) -> list[PaymentChange]:
        """Post what is due now. A call that left without an answer is never repeated."""
        await self._give_up_stuck()
        query = select(PostingRow.id).where(PostingRow.status == "due", PostingRow.not_before <= self._clock.now())
        async with self._db.read() as session:
            due = list(await session.scalars(query.order_by(PostingRow.id).limit(BATCH)))
        changes = [await self._post(posting) for posting in due]
        return [change for change in changes if change is not None]

    async def _post(self, posting_id: int) -> PaymentChange | None:
        claim = await self._claim(posting_id)
        if claim is None:
            return None
        posting, payment = claim
        status = await self._sent(posting, payment)
        return await self._note(posting_id, status)

    async def _claim(self, posting_id: int) -> tuple[PostingRow, PaymentRow] | None:
        """Committed before the call: a process that dies in it leaves `posting`, and nobody sends again."""
        async with self._db.begin() as session:
            mine = update(PostingRow).where(PostingRow.id == posting_id, PostingRow.status == "due")
            taken = await session.execute(
                mine.values(status="posting", not_before=self._clock.now() + GIVEN_UP_AFTER).returning(PostingRow.id)
            )
            if taken.first() is None:
                return None
            posting = await session.get_one(PostingRow, posting_id, populate_existing=True)
            return posting, await session.get_one(PaymentRow, posting.payment_id)

    async def _sent(self, posting: PostingRow, payment: PaymentRow) -> str:
        paid_at = payment.paid_at or self._clock.now()
        amount = Decimal(posting.amount_centavos) / 100
        try:
            await self._ledger.post_payment(posting.reference, amount, paid_at, payment.id)
        except UnknownOutcome:
            return "unknown"
        except (Refused, NotFound) as error:
            log.warning("posting_refused", payment=payment.id, error=str(error))
            return "refused"
        except Unavailable:
            return "due"
        return "posted"

    async def _note(self, posting_id: int, status: str) -> PaymentChange | None:
        async with self._db.begin() as session:
            posting = await session.get_one(PostingRow, posting_id)
            posting.status, posting.attempts = status, posting.attempts + 1
            if status == "due":
                wait = min(FIRST_WAIT * 2 ** min(posting.attempts - 1, MOST_DOUBLINGS), LONGEST_WAIT)
                posting.not_before = self._clock.now() + wait
                return None
            return await self._tell(session, posting)

    async def _tell(self, session: AsyncSession, posting: PostingRow) -> PaymentChange:
        row = await session.get_one(PaymentRow, posting.payment_id)
        kind = Kind.POSTED if posting.status == "posted" else Kind.UNPOSTED
        rows.note(session, row, self._clock.now(), f"posting_{posting.status}", posting.reference)
        if kind is Kind.UNPOSTED:
            await reviews.open_for_posting(session, posting, self._clock.now())
        return await self._settlement.tell(session, row, kind, None if kind is Kind.POSTED else posting.status)

    async def _give_up_stuck(self) -> None:
        """A posting whose process died in the call may or may not have been booked."""
        stuck = select(PostingRow).where(PostingRow.status == "posting", PostingRow.not_before <= self._clock.now())
        async with self._db.begin() as session:
            for posting in await session.scalars(stuck.with_for_update()):
                posting.status = "unknown"
                await self._tell(session, posting)

    async def decide(self, session: AsyncSession, posting: PostingRow, decision: Decision) -> None:
        """A person looked into the ledger: it is there (booked), or it is not and may be sent again."""
        if decision is Decision.BOOKED:
            posting.status = "posted"
            await self._tell(session, posting)
        elif decision is Decision.AGAIN:
            posting.status, posting.not_before = "due", self._clock.now()
