"""Between table rows and the types the rest of María sees."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from services.payments.clabe import is_clabe
from services.payments.errors import PaymentRefused
from services.payments.gateway import GatewayCharge, GatewayOrder
from services.payments.model import (
    ENDED,
    LIVE,
    BillShare,
    CardCheckout,
    CashReference,
    Method,
    PaymentOrder,
    Reference,
    SpeiReference,
    State,
)
from services.payments.tables import PaymentNoteRow, PaymentRow

log = structlog.get_logger(__name__)


def payment_order(row: PaymentRow) -> PaymentOrder:
    """The row as the citizen may see it."""
    return PaymentOrder(
        id=row.id,
        contact_id=row.contact_id,
        contract=row.contract,
        method=Method(row.method),
        amount_centavos=row.amount_centavos,
        state=State(row.state),
        created_at=row.created_at,
        expires_at=row.expires_at,
        reference=row.reference,
        paid_at=row.paid_at,
        received_centavos=sum(row.received.values()),
        reason=row.reason,
        bills=tuple(BillShare(**bill) for bill in row.bills),
        proof=row.details.get("proof"),
        card=row.details.get("card"),
        card_type=row.details.get("card_type"),
        order_id=row.order_id,
    )


def reference(row: PaymentRow, *, repeated: bool) -> Reference:
    """What to pay with.

    Raises:
        PaymentRefused: the gateway gave something that no bank or till would take.
    """
    if Method(row.method) is Method.CARD:
        return _card(row, repeated=repeated)
    details = row.details
    if Method(row.method) is Method.SPEI:
        if not is_clabe(row.reference or ""):
            log.error("clabe_is_wrong", payment=row.id)
            raise PaymentRefused("clabe")
        return SpeiReference(
            payment_id=row.id,
            contract=row.contract,
            amount_centavos=row.amount_centavos,
            expires_at=row.expires_at,
            clabe=row.reference or "",
            bank=details.get("bank") or "",
            beneficiary=details.get("beneficiary"),
            repeated=repeated,
        )
    return CashReference(
        payment_id=row.id,
        contract=row.contract,
        amount_centavos=row.amount_centavos,
        expires_at=row.expires_at,
        reference=row.reference or "",
        stores=tuple(details.get("stores", ())),
        product=details.get("product"),
        agreement=details.get("agreement"),
        repeated=repeated,
    )


def _card(row: PaymentRow, *, repeated: bool) -> CardCheckout:
    url = row.details.get("checkout")
    if not url:
        log.error("order_without_checkout", payment=row.id)
        raise PaymentRefused("checkout")
    return CardCheckout(row.id, row.contract, row.amount_centavos, row.expires_at, url, repeated)


def note(session: AsyncSession, row: PaymentRow, at: datetime, what: str, reason: str | None = None) -> None:
    """A line of the payment's history."""
    amount = sum(row.received.values()) or row.amount_centavos
    line = {"payment_id": row.id, "at": at, "what": what, "reason": reason, "order_id": row.order_id}
    session.add(PaymentNoteRow(**line, amount_centavos=amount))


def move(session: AsyncSession, row: PaymentRow, at: datetime, state: State, reason: str | None = None) -> None:
    """Put the row into a state, note it, and free the keys that the state no longer needs."""
    row.state, row.reason = state.value, reason or row.reason
    note(session, row, at, state.value, reason)
    if state not in LIVE:
        row.live_key = None
    if state in ENDED:
        row.request_key = None


def attach(row: PaymentRow, order: GatewayOrder) -> None:
    """The order that answers this row: what to pay with, and until when."""
    row.order_id = order.id
    if order.checkout_url:
        row.details = {"checkout": order.checkout_url}
    charge = _charge_for(Method(row.method), order)
    if charge is not None:
        row.reference = charge.reference
        row.expires_at = charge.expires_at or row.expires_at
        row.details = _details(charge)


def prove(row: PaymentRow, order: GatewayOrder) -> None:
    """Keep what the bank or the till calls the payment."""
    row.details = {**row.details, **order.paid_with}


def live_key(contact_id: str, contract: str) -> str:
    """What may live only once: a citizen's reference for a contract's debt."""
    return f"{contact_id}:{contract}"


def is_over(row: PaymentRow, now: datetime) -> bool:
    """Whether nobody can pay it any more."""
    return row.expires_at <= now


def _charge_for(method: Method, order: GatewayOrder) -> GatewayCharge | None:
    """One cash order may come with two charges (payments.md 4); the one that most stores take is shown."""
    mine = [charge for charge in order.charges if charge.method is method]
    return max(mine, key=lambda charge: len(charge.stores), default=None)


def _details(charge: GatewayCharge) -> dict[str, Any]:
    return {
        "stores": list(charge.stores),
        "product": charge.product,
        "agreement": charge.agreement,
        "bank": charge.bank,
        "beneficiary": charge.beneficiary,
    }
