"""What a charge came to, in the transaction that settles its payment: however and by whom it was found out."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.autopay.calendar import BETWEEN_TRIES, MOST_TRIES
from services.autopay.model import RunState, Why, run
from services.autopay.tables import AutopayRunRow
from services.autopay.telling import close
from services.autopay.words import Words
from services.clock import Clock
from services.payments.declines import Decline
from services.payments.model import Kind, Method, PaymentChange

UNANSWERED = (Kind.CANCELLED, Kind.EXPIRED)  # the bank waited for an answer of the citizen's (3-D Secure)


class Outcomes:
    """Listens to the payments. Every process that settles payments has this."""

    def __init__(self, clock: Clock, words: Words) -> None:
        self._clock, self._words = clock, words

    async def on_change(self, session: AsyncSession, change: PaymentChange) -> None:
        """Only for charges of our own; a payment's each change is told once."""
        if change.payment.method is not Method.AUTO or not change.payment.bills:
            return
        bill = change.payment.bills[0].number
        same = AutopayRunRow.contract == change.payment.contract, AutopayRunRow.bill == bill
        row = (await session.scalars(select(AutopayRunRow).where(*same).with_for_update())).first()
        if row is None:
            return
        row.payment_id = change.payment.id
        if change.kind is Kind.PAID:
            close(row, RunState.PAID, self._clock.now())
        elif change.kind is Kind.REVIEW:
            close(row, RunState.REVIEW, self._clock.now(), change.reason)
        elif change.kind in UNANSWERED or change.reason == Decline.AUTHENTICATION.value:
            await self._confirm(session, row)
        elif change.kind is Kind.DECLINED:
            await self._refused(session, row, change.reason or change.kind.value)

    async def _confirm(self, session: AsyncSession, row: AutopayRunRow) -> None:
        """Asking again tomorrow would end the same way: the citizen is shown where it can be confirmed."""
        row.tries += 1
        if row.state != RunState.TOLD:
            return
        close(row, RunState.NOT_CHARGED, self._clock.now(), Why.BANK)
        await self._words.bank_asks(session, row.contact_id, run(row))

    async def _refused(self, session: AsyncSession, row: AutopayRunRow, reason: str) -> None:
        """Tomorrow again, up to three times; then the citizen hears of it, with other ways to pay."""
        now = self._clock.now()
        row.tries, row.reason = row.tries + 1, reason
        if row.state != RunState.TOLD:  # stopped while the bank was being asked
            return
        if row.tries < MOST_TRIES:
            row.next_at = now + BETWEEN_TRIES
            return
        close(row, RunState.FAILED, now, reason)
        await self._words.failed(session, row.contact_id, run(row), now)
