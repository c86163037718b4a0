"""Payments in María's own words. Money is whole centavos of MXN, moments are timezone-aware UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

CENTAVO = Decimal("0.01")
THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")  # "500,50" is not fifty thousand


def centavos(amount: Decimal) -> int:
    """Pesos as whole centavos."""
    return int((amount * 100).to_integral_value())


def typed(text: str) -> Decimal | None:
    """Pesos as somebody typed them, to the centavo; None if it is no amount of money."""
    try:
        amount = Decimal(THOUSANDS.sub("", text.replace("$", "").strip()))
        return amount.quantize(CENTAVO) if amount.is_finite() else None
    except InvalidOperation:
        return None


def pesos(amount: int) -> Decimal:
    """Centavos as pesos, exactly."""
    return Decimal(amount) / 100


class Method(StrEnum):
    """How the citizen pays. `AUTO` is María's own charge on a card that the citizen has saved for it."""

    CASH = "cash"
    SPEI = "spei"
    CARD = "card"
    AUTO = "auto"


ASKED_FOR = (Method.CASH, Method.SPEI, Method.CARD)


class State(StrEnum):
    """Where a payment stands. It only ever moves down this list; `REVIEW` waits for a person.

    Only a person's decision takes it out of `REVIEW`: back to `PAID`, or on to `RETURNED`.
    """

    CREATING = "creating"
    PENDING = "pending"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    PAID = "paid"
    REVIEW = "review"
    RETURNED = "returned"


LIVE = (State.CREATING, State.PENDING)
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ENDED = (State.FAILED, State.CANCELLED, State.EXPIRED)


class Kind(StrEnum):
    """What a `PaymentChange` says."""

    PAID = "paid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REVIEW = "review"
    DECLINED = "declined"  # a saved card was refused; nothing was charged
    POSTED = "posted"
    UNPOSTED = "unposted"


@dataclass(frozen=True)
class BillShare:
    """A bill that the payment covers.

    `reference` is the billing system's own payment reference of it, `month` the month it is for, `2026-11`.
    """

    number: str
    amount_centavos: int
    reference: str | None = None
    month: str | None = None


@dataclass(frozen=True)
class CashReference:
    """What is typed or scanned at a till. Store names come from the gateway, never from us (payments.md 4)."""

    payment_id: str
    contract: str
    amount_centavos: int
    expires_at: datetime
    reference: str
    stores: tuple[str, ...]
    product: str | None = None
    agreement: str | None = None
    repeated: bool = False

    @property
    def grouped(self) -> str:
        """In groups of four, as it is read aloud."""
        return " ".join(self.reference[i : i + 4] for i in range(0, len(self.reference), 4))


@dataclass(frozen=True)
class SpeiReference:
    """A CLABE that takes exactly this amount once; another amount is returned to the payer."""

    payment_id: str
    contract: str
    amount_centavos: int
    expires_at: datetime
    clabe: str
    bank: str
    beneficiary: str | None = None
    repeated: bool = False


@dataclass(frozen=True)
class CardCheckout:
    """The gateway's own page where a card is typed; no card data ever reaches us (docs/adr, hosted checkout)."""

    payment_id: str
    contract: str
    amount_centavos: int
    expires_at: datetime
    url: str
    repeated: bool = False


Reference = CashReference | SpeiReference | CardCheckout


@dataclass(frozen=True)
class PaymentOrder:
    """One payment as the citizen may see it. `received_centavos` is what the gateway says has arrived."""

    id: str
    contact_id: str
    contract: str
    method: Method
    amount_centavos: int
    state: State
    created_at: datetime
    expires_at: datetime
    reference: str | None = None
    paid_at: datetime | None = None
    received_centavos: int = 0
    reason: str | None = None
    bills: tuple[BillShare, ...] = ()
    proof: str | None = None
    card: str | None = None  # brand and last four digits
    card_type: str | None = None  # credit | debit
    order_id: str | None = None

    @property
    def confirmation(self) -> str:
        """A short number a citizen can read out: ten letters and digits that are hard to mistake."""
        return confirmation(self.id)

    @property
    def counted_centavos(self) -> int:
        """What arrived, or what was asked for while nothing has."""
        return self.received_centavos or self.amount_centavos


def confirmation(payment_id: str) -> str:
    """The same for the same payment, always. Crockford's base 32: no I, L, O, U. 50 bits in ten places."""
    number, letters = int(payment_id[:16], 16) >> 14, ""
    for _ in range(10):
        number, place = divmod(number, 32)
        letters = CROCKFORD[place] + letters
    return f"{letters[:5]}-{letters[5:]}"


def id_prefix(confirmation_number: str) -> str:
    """The first twelve places of the ids that can have this number.

    Raises:
        ValueError: it has letters that no number has.
    """
    number = 0
    for letter in confirmation_number.upper().replace("-", ""):
        number = number * 32 + CROCKFORD.index(letter)
    return f"{number >> 2:012x}"


@dataclass(frozen=True)
class PaymentChange:
    """What has just happened to a payment. `reason` is a word for people who look into it, not for citizens."""

    kind: Kind
    payment: PaymentOrder
    at: datetime
    reason: str | None = None
