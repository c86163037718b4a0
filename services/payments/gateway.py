"""What the payment service needs of a gateway; `conekta/` has the client and the fake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from services.payments.model import Method

CARD_TRIES = 3  # per order; whoever tests stolen cards gets no further


class OrderStatus(StrEnum):
    """A gateway order's state, refunds and charge-backs taken together."""

    OPEN = "open"
    PAID = "paid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    REFUNDED = "refunded"


@dataclass(frozen=True)
class NewOrder:
    """An order to make. `our_id` comes back with it; the payer is CEA itself, so no personal data leaves.

    `return_url` is where the gateway's own card page sends the citizen afterwards; other methods have none.
    `saved` is the customer and the saved card that are charged at once.
    """

    our_id: str
    method: Method
    amount_centavos: int
    expires_at: datetime
    title: str
    payer_name: str
    payer_email: str
    payer_phone: str
    return_url: str | None = None
    saved: tuple[str, str] | None = None


@dataclass(frozen=True)
class GatewayCharge:
    """One way to pay the order: a cash reference or a CLABE."""

    method: Method
    reference: str
    expires_at: datetime | None
    stores: tuple[str, ...] = ()
    product: str | None = None
    agreement: str | None = None
    bank: str | None = None
    beneficiary: str | None = None


@dataclass(frozen=True)
class GatewayOrder:
    """An order as the gateway tells it.

    Cards only: `checkout_url` is the page to pay at, `declines` the codes of the cards that were refused there,
    `underway` whether a bank is being asked right now.
    """

    id: str
    our_id: str | None
    status: OrderStatus
    amount_centavos: int
    currency: str
    created_at: datetime
    paid_at: datetime | None = None
    paid_centavos: int = 0
    charges: tuple[GatewayCharge, ...] = ()
    checkout_url: str | None = None
    declines: tuple[str, ...] = ()
    underway: bool = False
    paid_with: Mapping[str, str] = field(default_factory=dict)  # proof, card, card_type

    @property
    def used_up(self) -> bool:
        """So many cards were refused that this order takes no more."""
        return len(self.declines) >= CARD_TRIES


class Gateway(Protocol):
    """The gateway.

    Every method may raise `PaymentsUnavailable` (it surely did not happen) and `PaymentRefused`; those that
    write also `PaymentUnknown`.
    """

    async def create_order(self, asked: NewOrder) -> GatewayOrder:
        """Make an order. Not idempotent: asking twice makes two. A saved card that is refused is no error."""

    async def order(self, order_id: str) -> GatewayOrder:
        """The order as it stands; `OrderMissing` if there is none."""

    async def find(self, our_id: str, since: datetime) -> list[GatewayOrder]:
        """All orders that carry our id, oldest first."""

    async def changed(self, since: datetime) -> list[GatewayOrder]:
        """All orders that the gateway touched since then, anybody's; newest first."""

    async def cancel(self, order_id: str) -> GatewayOrder:
        """Cancel what is not paid."""

    async def webhook_keys(self) -> list[str]:
        """The active public keys, PEM."""
