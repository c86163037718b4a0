"""The orders Conekta knows: made, paid, expired, cancelled. Times are unix seconds of the sandbox's clock."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.conekta import digits, requests
from sandbox.conekta.cards import NOT_AUTHENTICATED, Card, Refusal
from sandbox.conekta.errors import ConektaError, not_found
from sandbox.conekta.ids import made_id
from sandbox.conekta.wallet import Source, Wallet
from sandbox.world import World

DEFAULT_LIFE = 30 * 86_400
CHECKOUT_LIFE = 3 * 86_400
STP = "646180"
CHALLENGE_SECONDS = 600
MOST_RETRIES = 3


@dataclass
class Charge:
    """One way to pay an order. `reference` is what the payer types: a cash reference or a CLABE."""

    kind: str  # cash | spei | card
    amount: int
    reference: str
    created: int
    expires_at: int
    reference_id: str | None = None
    id: str = field(default_factory=lambda: secrets.token_hex(12))
    status: str = "pending_payment"
    paid_at: int | None = None
    tracking_code: str | None = None
    network: str = "cash_in"
    failure: Refusal | None = None
    card: Card | None = None
    customer_id: str = ""


@dataclass
class Challenge:
    """A bank is asking the payer whether it is really them."""

    card: Card
    until: int
    id: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass
class Order:
    """One order; `asked` is the request that made it. `expired` is said of a checkout that nobody used."""

    asked: dict[str, Any]
    amount: int
    created: int
    updated: int
    id: str = field(default_factory=lambda: made_id("ord_"))
    charges: list[Charge] = field(default_factory=list)
    checkout: dict[str, Any] | None = None
    canceled: bool = False
    expired: bool = False
    challenge: Challenge | None = None

    @property
    def status(self) -> str | None:
        """`payment_status`; None as long as there is no charge."""
        states = [charge.status for charge in self.charges]
        if self.canceled:
            return "canceled"
        if self.challenge and "paid" not in states:
            return "pending_payment"
        if self.expired and "paid" not in states:
            return "expired"
        return next((s for s in ("paid", "pending_payment", "declined", "expired") if s in states), None)

    @property
    def slug(self) -> str:
        """The last part of its checkout's address."""
        return self.id.removeprefix("ord_")

    @property
    def closed(self) -> bool:
        """Whether its checkout takes no card any more."""
        declined = sum(charge.status == "declined" for charge in self.charges)
        most = (self.checkout or {}).get("max_failed_retries") or MOST_RETRIES
        return self.status in ("paid", "canceled", "expired") or declined >= most

    def mentions(self, words: str) -> bool:
        """Whether `search=` finds it; what the real one searches is undocumented."""
        texts = [self.id, *map(str, self.asked.get("metadata", {}).values())]
        texts += [str(part) for c in self.charges for part in (c.reference_id, c.reference, c.id)]
        texts += [str(part) for part in self.asked["customer_info"].values()]
        return any(words.casefold() in text.casefold() for text in texts)


class Book:
    """All orders and customers; `notify(event type, order, charge or None)` is told of every change."""

    def __init__(self, world: World, notify: Callable[[str, Order, Charge | None], None]) -> None:
        self._world = world
        self._notify = notify
        self.network = "cash_in"
        self.orders: dict[str, Order] = {}
        self.wallet = Wallet(self.now)
        world.on_reset(self.clear)

    def clear(self) -> None:
        """Forget everything."""
        self.network = "cash_in"
        self.orders.clear()
        self.wallet.clear()

    def now(self) -> int:
        """Unix seconds."""
        return int(self._world.clock.now().timestamp())

    def create(self, body: dict[str, Any]) -> Order:
        """A new order. There is no idempotency: the same body twice makes two (payments.md 0)."""
        requests.check_order(body, self.now(), self.wallet.customers.__contains__)
        order = Order(asked=body, amount=requests.amount(body), created=self.now(), updated=self.now())
        asked = body.get("charges") or []
        saved = [self.wallet.charged(body["customer_info"], c) for c in asked if c["payment_method"]["type"] == "card"]
        order.charges = [self._charge(order, c) for c in asked if c["payment_method"]["type"] != "card"]
        order.checkout = body.get("checkout")
        self.orders[order.id] = order
        self._tell("order.created", order)
        for charge in order.charges:
            self._tell("order.pending_payment", order, charge)
        for source in saved:
            self._charge_saved(order, source, asked[0].get("reference_id"))
        return order

    def _charge_saved(self, order: Order, source: Source, reference_id: str | None) -> None:
        """At once, without anybody there: a card that wants a challenge is refused."""
        refusal = self.wallet.answer(source)
        charge = self._card_charge(order, source.card)
        charge.reference_id, charge.customer_id = reference_id, source.customer_id
        if refusal is None:
            self.settle(order, charge)
        else:
            self._refuse(order, charge, refusal)

    def _charge(self, order: Order, asked: dict[str, Any]) -> Charge:
        method = asked["payment_method"]
        kind = "spei" if method["type"] == "spei" else "cash"
        return Charge(
            kind=kind,
            amount=order.amount,
            reference=self._spei() if kind == "spei" else self._cash(),
            created=order.created,
            expires_at=method.get("expires_at", order.created + DEFAULT_LIFE),
            reference_id=asked.get("reference_id"),
            network=self.network,
        )

    def _cash(self) -> str:
        body = "93000" + digits.some(8) if self.network == "oxxo" else "1000" + digits.some(15)
        return digits.luhn(body)

    @staticmethod
    def _spei() -> str:
        return digits.clabe(STP + digits.some(11))

    def get(self, order_id: str) -> Order:
        """By id, after what has expired meanwhile has been marked so."""
        self.expire_due()
        if order_id not in self.orders:
            raise not_found("Order", order_id)
        return self.orders[order_id]

    def newest_first(self) -> list[Order]:
        """All of them, expiry looked at."""
        self.expire_due()
        return list(self.orders.values())[::-1]

    def by_reference(self, reference: str) -> tuple[Order, Charge]:
        """By cash reference or CLABE."""
        for order, charge in self._charges():
            if charge.reference == reference:
                return order, charge
        raise not_found("Reference", reference)

    def _charges(self) -> Iterator[tuple[Order, Charge]]:
        return ((order, charge) for order in self.newest_first() for charge in order.charges)

    def expire_due(self) -> None:
        """Expire every open charge whose time is over."""
        for order in list(self.orders.values()):
            due = [c for c in order.charges if c.status == "pending_payment" and c.expires_at <= self.now()]
            for charge in due:
                charge.status = "expired"
                order.updated = self.now()
            if due and order.status == "expired":
                self._tell("order.expired", order)
            if order.challenge and order.challenge.until <= self.now():
                self.refuse_card(order, self.end_challenge(order), NOT_AUTHENTICATED)
            if order.checkout and not order.closed and self._checkout_end(order) <= self.now():
                order.expired, order.updated = True, self.now()
                self._tell("order.expired", order)

    @staticmethod
    def _checkout_end(order: Order) -> int:
        return int((order.checkout or {}).get("expires_at", order.created + CHECKOUT_LIFE))

    def settle(self, order: Order, charge: Charge, amount: int | None = None) -> None:
        """Money arrived; `amount` other than the charge's only by the control page's `force`."""
        charge.status, charge.paid_at, order.updated = "paid", self.now(), self.now()
        order.canceled = False
        if amount is not None and amount != charge.amount:
            charge.amount = order.amount = amount
        if charge.kind == "spei":
            charge.tracking_code = f"SANDBOX{digits.some(12)}"
        self._tell("charge.paid", order, charge)
        self._tell("order.paid", order)

    def cancel(self, order_id: str) -> Order:
        """Only what has not been paid."""
        order = self.get(order_id)
        if order.status == "paid":
            code = "precondition_required.combo.order.cannot_be_updated_because_has_charge_paid"
            raise ConektaError(428, code, "The order cannot be modified because it has already been paid")
        if not order.canceled:
            order.canceled, order.updated = True, self.now()
            for charge in order.charges:
                charge.status = "expired"
            self._tell("order.canceled", order)
        return order

    def pay_card(self, order: Order, card: Card) -> None:
        """The bank said yes."""
        self.settle(order, self._card_charge(order, card))

    def refuse_card(self, order: Order, card: Card, refusal: Refusal) -> None:
        """The bank said no."""
        self._refuse(order, self._card_charge(order, card), refusal)

    def _refuse(self, order: Order, charge: Charge, refusal: Refusal) -> None:
        charge.status, charge.failure, order.updated = "declined", refusal, self.now()
        self._tell("charge.declined", order, charge)
        self._tell("order.declined", order)

    def challenge(self, order: Order, card: Card) -> str:
        """The bank wants to ask the payer; the id of its page."""
        order.challenge, order.updated = Challenge(card, self.now() + CHALLENGE_SECONDS), self.now()
        self._tell("order.pending_payment", order)
        return order.challenge.id

    def challenged(self, challenge: str) -> Order:
        """The order that a bank's page is about."""
        for order in self.newest_first():
            if order.challenge and order.challenge.id == challenge:
                return order
        raise not_found("Challenge", challenge)

    @staticmethod
    def end_challenge(order: Order) -> Card:
        """It has been answered, or its time is over."""
        if order.challenge is None:
            raise not_found("Challenge", order.id)
        card, order.challenge = order.challenge.card, None
        return card

    def _card_charge(self, order: Order, card: Card) -> Charge:
        charge = Charge("card", order.amount, card.number[-4:], self.now(), self.now() + 3600, card=card)
        order.charges.append(charge)
        return charge

    def _tell(self, event: str, order: Order, charge: Charge | None = None) -> None:
        self._notify(event, order, charge if event.startswith("charge.") else None)
        self._world.feed.publish({"type": "conekta", "event": event, "order": order.id, "status": order.status})
