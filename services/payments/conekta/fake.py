"""A gateway in memory, for tests: orders, lost answers, and events signed with a key of its own."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from itertools import count

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from services.clock import Clock
from services.payments.clabe import check_digit
from services.payments.errors import Misconfigured, OrderMissing, PaymentRefused, PaymentsUnavailable, PaymentUnknown
from services.payments.gateway import GatewayCharge, GatewayOrder, NewOrder, OrderStatus
from services.payments.model import Method


@cache
def signing_key() -> rsa.RSAPrivateKey:
    """One pair for all fakes; making one is slow."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class FakeConekta:
    """Implements `services.payments.gateway.Gateway`.

    `down` answers nothing, `stranger` means that it does not know our key; `swallow` makes so many next creations
    happen without an answer; `vanish` makes so many next ones neither happen nor answer; `late` makes so many
    happen only when `arrive` is called.
    `bank` is what it says to a saved card: None yes, else a code.
    """

    clock: Clock
    down: bool = False
    stranger: bool = False
    swallow: int = 0
    vanish: int = 0
    late: int = 0
    on_the_way: list[NewOrder] = field(default_factory=list)
    bank: str | None = None
    challenge: bool = False
    orders: dict[str, GatewayOrder] = field(default_factory=dict)
    touched: dict[str, datetime] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    async def create_order(self, asked: NewOrder) -> GatewayOrder:
        """See the port."""
        self._answer()
        if self.vanish:
            self.vanish -= 1
            raise PaymentUnknown("vanished")
        if self.late:
            self.late -= 1
            self.on_the_way.append(asked)
            raise PaymentUnknown("late")
        made = self._made(asked)
        if self.swallow:
            self.swallow -= 1
            raise PaymentUnknown("swallowed")
        return made

    def arrive(self) -> None:
        """What was on the way gets there."""
        for asked in self.on_the_way:
            self._made(asked)
        self.on_the_way.clear()

    def _made(self, asked: NewOrder) -> GatewayOrder:
        number, card = next(self._numbers), asked.method is Method.CARD
        made = GatewayOrder(
            id=f"ord_{number}",
            our_id=asked.our_id,
            status=OrderStatus.OPEN,
            amount_centavos=asked.amount_centavos,
            currency="MXN",
            created_at=self.clock.now(),
            charges=() if card or asked.saved else (_charge(asked.method, number, asked.expires_at),),
            checkout_url=f"https://pay.conekta.com/checkout/{number}" if card else None,
        )
        self.orders[made.id], self.touched[made.id] = made, self.clock.now()
        if asked.saved and not self.challenge:
            made = self.refuse_card(made.id, self.bank) if self.bank else self.pay(made.id)
        return made

    async def order(self, order_id: str) -> GatewayOrder:
        """See the port."""
        self._answer()
        if order_id not in self.orders:
            raise OrderMissing(order_id)
        self.expire_due()
        return self.orders[order_id]

    async def find(self, our_id: str, since: datetime) -> list[GatewayOrder]:
        """See the port."""
        self._answer()
        self.expire_due()
        return [order for order in self.orders.values() if order.our_id == our_id]

    async def changed(self, since: datetime) -> list[GatewayOrder]:
        """See the port."""
        self._answer()
        self.expire_due()
        return [self.orders[order_id] for order_id, at in self.touched.items() if at >= since]

    async def cancel(self, order_id: str) -> GatewayOrder:
        """See the port; what is paid cannot be cancelled (payments.md 2)."""
        self._answer()
        if order_id not in self.orders:
            raise OrderMissing(order_id)
        if self.orders[order_id].status is OrderStatus.PAID:
            raise PaymentRefused("428 cannot_be_updated_because_has_charge_paid")
        return self.change(order_id, status=OrderStatus.CANCELLED)

    async def webhook_keys(self) -> list[str]:
        """See the port."""
        self._answer()
        form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        return [signing_key().public_key().public_bytes(*form).decode()]

    def _answer(self) -> None:
        if self.down:
            raise PaymentsUnavailable("down")
        if self.stranger:
            raise Misconfigured("401")

    def change(self, order_id: str, **changes: object) -> GatewayOrder:
        """Put an order into another state."""
        self.orders[order_id] = replace(self.orders[order_id], **changes)  # type: ignore[arg-type]
        self.touched[order_id] = self.clock.now()
        return self.orders[order_id]

    def pay(self, order_id: str, amount: int | None = None) -> GatewayOrder:
        """Money arrives; another amount than asked for only happens when something is wrong."""
        amount = amount or self.orders[order_id].amount_centavos
        paid = {"amount_centavos": amount, "paid_centavos": amount, "paid_at": self.clock.now()}
        return self.change(order_id, status=OrderStatus.PAID, **paid)

    def refuse_card(self, order_id: str, code: str) -> GatewayOrder:
        """A card is declined on the gateway's page."""
        refused = (*self.orders[order_id].declines, code)
        return self.change(order_id, status=OrderStatus.DECLINED, declines=refused, underway=False)

    def expire_due(self) -> None:
        """As the gateway's own clock does."""
        for order in list(self.orders.values()):
            ends = order.charges[0].expires_at if order.charges else None
            if order.status is OrderStatus.OPEN and ends is not None and ends <= self.clock.now():
                self.change(order.id, status=OrderStatus.EXPIRED)

    def event(self, kind: str, order_id: str, event_id: str | None = None) -> tuple[bytes, str]:
        """A signed delivery: raw body and `DIGEST`."""
        known = {"id": event_id or f"evt_{next(self._numbers)}", "object": "event", "type": kind}
        raw = json.dumps({**known, "data": {"object": {"id": order_id}}}).encode()
        signature = signing_key().sign(raw, padding.PKCS1v15(), hashes.SHA256())
        return raw, base64.b64encode(signature).decode()


def _charge(method: Method, number: int, expires_at: datetime) -> GatewayCharge:
    if method is Method.SPEI:
        body = f"646180{number:011d}"
        return GatewayCharge(method, body + check_digit(body), expires_at, bank="STP")
    return GatewayCharge(method, f"{10_000 + number:020d}", expires_at, ("Tienda Uno", "Tienda Dos"), "cash_in")
