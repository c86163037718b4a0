"""What an order's state at the gateway means for our payment. Pure, so that every case can be tested."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.payments.declines import decline
from services.payments.gateway import GatewayOrder, OrderStatus
from services.payments.model import LIVE, Method, PaymentOrder, State

CURRENCY = "MXN"


@dataclass(frozen=True)
class Limits:
    """Which amounts are taken, in centavos, and how long a reference (days) and a card link (hours) live.

    `an_hour`, `a_day`: how many payments one contact may start within that time; `a_contract`: how many may be
    started for one contract in a day, whoever asks.
    """

    least: int
    most_cash: int
    most_spei: int
    days: int
    most_card: int = 20_000_000
    card_hours: int = 24
    an_hour: int = 10
    a_day: int = 25
    a_contract: int = 40

    def most(self, method: Method) -> int:
        """The largest amount that this way of paying takes."""
        return {Method.CASH: self.most_cash, Method.SPEI: self.most_spei}.get(method, self.most_card)


@dataclass(frozen=True)
class Verdict:
    """The state to move to and, for a review, why."""

    state: State
    reason: str | None = None


def decide(payment: PaymentOrder, own_order: str | None, order: GatewayOrder, now: datetime) -> Verdict | None:
    """Where the payment moves to, or None if it stays. `own_order` is the order it was made with, if known.

    It never moves backwards: paid stays paid unless the money is contested, and a review stays a review.
    """
    if payment.state in (State.REVIEW, State.RETURNED):
        return None
    if order.status is OrderStatus.PAID:
        return _paid(payment, own_order, order)
    if order.status is OrderStatus.REFUNDED:
        return Verdict(State.REVIEW, "refunded")
    if own_order not in (None, order.id) or payment.state not in LIVE:
        return None
    if order.status is OrderStatus.DECLINED and payment.method is Method.AUTO:
        return Verdict(State.FAILED, decline(next(iter(order.declines), "")).value)  # nobody can try another card on it
    if order.status is OrderStatus.EXPIRED:
        return Verdict(State.EXPIRED)
    if order.status is OrderStatus.CANCELLED:
        return Verdict(State.EXPIRED if payment.expires_at <= now else State.CANCELLED)
    return Verdict(State.PENDING) if payment.state is State.CREATING else None


def _paid(payment: PaymentOrder, own_order: str | None, order: GatewayOrder) -> Verdict | None:
    if order.currency != CURRENCY:
        return Verdict(State.REVIEW, "currency")
    if order.paid_centavos != payment.amount_centavos:
        return Verdict(State.REVIEW, "partial" if order.paid_centavos < payment.amount_centavos else "overpaid")
    if order.amount_centavos != payment.amount_centavos:
        return Verdict(State.REVIEW, "amount")
    if payment.state is State.PAID:
        return None if own_order == order.id else Verdict(State.REVIEW, "paid_twice")
    if payment.state not in LIVE:
        return Verdict(State.REVIEW, "late")
    if own_order not in (None, order.id):
        return Verdict(State.REVIEW, "other_order")
    return Verdict(State.PAID)
