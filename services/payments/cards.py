"""A card payment as its page shows it. Looking changes nothing: whoever settles is the worker.

The page's process has no listeners, so a payment that it finds paid is only *noted* (`Webhooks.note`); the worker
reads the order again and tells citizen and ledger, exactly as after a webhook.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, select

from services.clock import Clock
from services.payments import rows
from services.payments.declines import Decline, decline
from services.payments.gateway import Gateway, GatewayOrder, OrderStatus
from services.payments.model import LIVE, Method, PaymentOrder, State
from services.payments.tables import PaymentRow
from services.payments.webhooks import Webhooks
from services.storage import Database


class Stage(StrEnum):
    """What the page is about."""

    READY = "ready"  # nobody has tried a card yet
    WAITING = "waiting"  # the bank is being asked, or its yes is being written down
    PAID = "paid"
    DECLINED = "declined"  # a card was refused, another may be tried
    USED_UP = "used_up"  # too many cards were refused
    OTHERWISE = "otherwise"  # the same contract was paid in another way meanwhile
    OVER = "over"  # too late, cancelled or never made
    REVIEW = "review"  # a person looks into it
    RETURNED = "returned"  # the money went back


@dataclass(frozen=True)
class CardView:
    """The payment, where it stands, why the last card was refused, and Conekta's page."""

    payment: PaymentOrder
    stage: Stage
    reason: Decline | None = None
    checkout_url: str | None = None


class Cards:
    """Reads one payment, with or without asking the gateway."""

    def __init__(self, db: Database, clock: Clock, gateway: Gateway, webhooks: Webhooks) -> None:
        self._db, self._clock, self._gateway, self._webhooks = db, clock, gateway, webhooks

    async def view(self, payment_id: str, *, ask: bool) -> CardView | None:
        """None if there is no such card payment. With `ask` the gateway is asked if that can tell anything.

        Raises:
            PaymentsUnavailable: it was asked and does not answer.
        """
        async with self._db.read() as session:
            row = await session.get(PaymentRow, payment_id)
            if row is None or row.method != Method.CARD:
                return None
            other = await session.scalar(_paid_otherwise(row))
        payment, url = rows.payment_order(row), row.details.get("checkout")
        stage = self._stage(payment, paid_otherwise=other is not None)
        if payment.state is not State.PENDING or not ask or row.order_id is None:
            return CardView(payment, stage, checkout_url=url)
        order = await self._gateway.order(row.order_id)
        if order.status not in (OrderStatus.OPEN, OrderStatus.DECLINED):
            await self._webhooks.note(order.id, order.status.value)
        return _seen(payment, stage, order, url)

    def _stage(self, payment: PaymentOrder, *, paid_otherwise: bool) -> Stage:
        """What our own books say."""
        known = {State.PAID: Stage.PAID, State.REVIEW: Stage.REVIEW, State.RETURNED: Stage.RETURNED}
        if payment.state in known:
            return known[payment.state]
        if payment.state not in LIVE or payment.expires_at <= self._clock.now():
            return Stage.OVER
        if payment.state is State.CREATING:
            return Stage.WAITING
        return Stage.OTHERWISE if paid_otherwise else Stage.READY


def _paid_otherwise(row: PaymentRow) -> Select[str]:
    """Another payment of this contract that arrived after this link was made."""
    return (
        select(PaymentRow.id)
        .where(
            PaymentRow.contract == row.contract,
            PaymentRow.id != row.id,
            PaymentRow.state == State.PAID.value,
            PaymentRow.paid_at > row.created_at,
        )
        .limit(1)
    )


def _seen(payment: PaymentOrder, stage: Stage, order: GatewayOrder, url: str | None) -> CardView:
    """What the gateway says about a payment that our books have open. Money that arrived late arrived all the same."""
    reason = decline(order.declines[-1]) if order.declines else None
    if order.status in (OrderStatus.PAID, OrderStatus.REFUNDED):
        return CardView(payment, Stage.WAITING)
    if stage is not Stage.READY:
        return CardView(payment, stage)
    if order.underway:
        return CardView(payment, Stage.WAITING, checkout_url=url)
    if order.status in (OrderStatus.EXPIRED, OrderStatus.CANCELLED):
        return CardView(payment, Stage.OVER)
    if order.used_up:
        return CardView(payment, Stage.USED_UP, reason)
    return CardView(payment, Stage.DECLINED if reason else Stage.READY, reason, url)
