"""Orders at the gateway: made once, found again after a silence, taken back (payments.md 9)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from services.errors import ServiceError
from services.identity.masking import mask_contract
from services.payments.errors import PaymentRefused, PaymentsUnavailable, PaymentUnknown
from services.payments.gateway import Gateway, GatewayOrder, NewOrder, OrderStatus
from services.payments.model import Method
from services.payments.tables import PaymentRow

PATIENCE = (1.0, 3.0)  # seconds before each look after an answer that did not come
UNPAID = (OrderStatus.OPEN, OrderStatus.DECLINED)


@dataclass(frozen=True)
class Payer:
    """Whom the order names: CEA's own addresses, for Conekta wants some and need not know the citizen's.

    `return_url` gives, for a payment's id and end, where the gateway's card page leads back to.
    """

    title: str
    email: str
    phone: str
    return_url: Callable[[str, datetime], str]

    def order(self, row: PaymentRow) -> NewOrder:
        """The order for a row. A card page can be passed on like any link: there the contract is masked."""
        method = Method(row.method)
        card = method is Method.CARD
        title = f"{self.title} {mask_contract(row.contract) if card else row.contract}"
        return NewOrder(
            our_id=row.id,
            method=method,
            amount_centavos=row.amount_centavos,
            expires_at=row.expires_at,
            title=title,
            payer_name=title,
            payer_email=self.email,
            payer_phone=self.phone,
            return_url=self.return_url(row.id, row.expires_at) if card else None,
            saved=(row.details["customer"], row.details["source"]) if method is Method.AUTO else None,
        )


class Orders:
    """What is asked of the gateway for one row of ours."""

    def __init__(self, gateway: Gateway, payer: Payer, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._gateway, self._payer, self._sleep = gateway, payer, sleep

    async def make(self, row: PaymentRow) -> GatewayOrder:
        """Ask; after silence look, and only ask again when it is surely not there.

        Raises:
            PaymentUnknown: it may have been made; looking later will tell.
            PaymentsUnavailable, PaymentRefused: it surely was not.
        """
        asked = self._payer.order(row)
        for _ in range(1 if asked.saved else 2):  # what charges at once is not asked for a second time
            try:
                return await self._gateway.create_order(asked)
            except PaymentUnknown:
                if found := await self._after_silence(row):
                    return found
        raise PaymentUnknown(row.id)

    async def _after_silence(self, row: PaymentRow) -> GatewayOrder | None:
        """What became of the call. Not being able to look is not the same as its not being there."""
        for wait in PATIENCE:
            await self._sleep(wait)
            try:
                found = await self.find(row)
            except PaymentsUnavailable as error:
                raise PaymentUnknown(row.id) from error
            if found is not None:
                return found
        return None

    async def find(self, row: PaymentRow) -> GatewayOrder | None:
        """The order that carries our id. Of several the paid or the oldest counts, the rest are cancelled."""
        orders = await self._gateway.find(row.id, row.created_at)
        orders.sort(key=lambda o: (o.status is not OrderStatus.PAID, o.status is not OrderStatus.OPEN, o.created_at))
        for spare in orders[1:]:
            if spare.status is OrderStatus.OPEN:
                with suppress(ServiceError):
                    await self._gateway.cancel(spare.id)
        return orders[0] if orders else None

    async def look(self, row: PaymentRow) -> GatewayOrder | None:
        """The row's order as it stands, by its id or, if that never reached us, by ours.

        Raises:
            OrderMissing: the gateway forgot the id it gave us.
        """
        return await self._gateway.order(row.order_id) if row.order_id else await self.find(row)

    async def withdraw(self, order: GatewayOrder) -> GatewayOrder:
        """Take an unpaid order back, so that nobody can pay it; as it stands after that.

        Raises:
            PaymentsUnavailable: it is still open, or that cannot be known now.
        """
        if order.status not in UNPAID:
            return order
        try:
            return await self._gateway.cancel(order.id)
        except (PaymentRefused, PaymentUnknown):  # paid in this very moment, or no answer came
            fresh = await self._gateway.order(order.id)
        if fresh.status in UNPAID:
            raise PaymentsUnavailable("still open")
        return fresh
