"""Writes down what the gateway says about an order, and tells whoever listens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.metrics import PAYMENT_CHANGES
from services.payments import reviews, rows
from services.payments.gateway import GatewayOrder, OrderStatus
from services.payments.model import Kind, PaymentChange, State
from services.payments.rules import Verdict, decide
from services.payments.tables import PaymentRow
from services.storage import Database

log = structlog.get_logger(__name__)

Listener = Callable[[AsyncSession, PaymentChange], Awaitable[None]]
MORE_MONEY = "more_money"  # for a payment that is under review already
KINDS = {
    State.PAID: Kind.PAID,
    State.EXPIRED: Kind.EXPIRED,
    State.CANCELLED: Kind.CANCELLED,
    State.REVIEW: Kind.REVIEW,
    State.FAILED: Kind.DECLINED,
}


class Settlement:
    """One transaction per order. Listeners run inside it: what they write stands or falls with the payment.

    A listener gets the session and must not open a transaction of its own.
    """

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock
        self.listeners: list[Listener] = []

    async def settle(self, order: GatewayOrder) -> PaymentChange | None:
        """Compare status, amount and currency; the same order may be told any number of times, in any order."""
        async with self._db.begin() as session:
            row = await self._row(session, order)
            if row is None:
                log.info("order_is_not_ours", order=order.id)
                return None
            verdict = decide(rows.payment_order(row), row.order_id, order, self._clock.now())
            news = order.status is OrderStatus.PAID and row.received.get(order.id) != order.paid_centavos
            self._write(session, row, order, verdict)
            reason = verdict.reason if verdict else MORE_MONEY
            if row.state == State.REVIEW and (verdict or news):
                await reviews.open_for_payment(session, row, str(reason), order, self._clock.now())
            kind = KINDS.get(verdict.state) if verdict else None
            return await self.tell(session, row, kind, reason) if verdict and kind else None

    async def refuse(self, payment_id: str, reason: str) -> None:
        """A charge that the gateway did not even take up: over, and told like one that the bank refused."""
        async with self._db.begin() as session:
            row = await session.get_one(PaymentRow, payment_id, with_for_update=True)
            if row.state == State.CREATING:
                rows.move(session, row, self._clock.now(), State.FAILED, reason)
                await self.tell(session, row, Kind.DECLINED, reason)

    async def tell(self, session: AsyncSession, row: PaymentRow, kind: Kind, reason: str | None) -> PaymentChange:
        """Call the listeners inside this transaction."""
        change = PaymentChange(kind, rows.payment_order(row), self._clock.now(), reason)
        PAYMENT_CHANGES.labels(kind.value).inc()
        if kind is Kind.REVIEW:
            log.warning("payment_needs_a_person", payment=row.id, reason=reason)
        for listener in self.listeners:
            await listener(session, change)
        return change

    def _write(self, session: AsyncSession, row: PaymentRow, order: GatewayOrder, verdict: Verdict | None) -> None:
        now = self._clock.now()
        row.checked_at = now
        if row.order_id is None:
            rows.attach(row, order)
        if order.status is OrderStatus.PAID:
            row.received = {**row.received, order.id: order.paid_centavos}
            rows.prove(row, order)
        if verdict is None:
            return
        rows.move(session, row, now, verdict.state, verdict.reason)
        if order.status is OrderStatus.PAID:
            row.paid_at = row.paid_at or order.paid_at or now

    @staticmethod
    async def _row(session: AsyncSession, order: GatewayOrder) -> PaymentRow | None:
        """By our id in the order, else by the order's id; locked until the transaction ends."""
        mine = or_(PaymentRow.order_id == order.id, PaymentRow.id == (order.our_id or ""))
        return (await session.scalars(select(PaymentRow).where(mine).with_for_update())).first()
