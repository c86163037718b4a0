"""Between Conekta's JSON and our types (payments.md 2, 3 and 4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from services.payments.gateway import GatewayCharge, GatewayOrder, NewOrder, OrderStatus
from services.payments.model import Method

OUR_ID = "maria_payment"
STATUSES = {
    "paid": OrderStatus.PAID,
    "expired": OrderStatus.EXPIRED,
    "canceled": OrderStatus.CANCELLED,
    "voided": OrderStatus.CANCELLED,
    "declined": OrderStatus.DECLINED,
    "refunded": OrderStatus.REFUNDED,
    "partially_refunded": OrderStatus.REFUNDED,
    "charged_back": OrderStatus.REFUNDED,
}
METHODS = {"cash_payment": Method.CASH, "bank_transfer_payment": Method.SPEI}


def order_body(asked: NewOrder) -> dict[str, Any]:
    """`POST /orders`. No shipping contact: a bad one would refuse the whole order (payments.md 2)."""
    return {
        "currency": "MXN",
        "customer_info": {"name": asked.payer_name, "email": asked.payer_email, "phone": asked.payer_phone},
        "line_items": [{"name": asked.title, "unit_price": asked.amount_centavos, "quantity": 1}],
        "charges": [
            {
                "amount": asked.amount_centavos,
                "reference_id": asked.our_id,
                "payment_method": {"type": asked.method.value, "expires_at": int(asked.expires_at.timestamp())},
            }
        ],
        "metadata": {OUR_ID: asked.our_id},
    }


def order(body: dict[str, Any]) -> GatewayOrder:
    """An order.

    Raises:
        KeyError, TypeError, ValueError: it is not one.
    """
    charges = (body.get("charges") or {}).get("data") or []
    paid = [c for c in charges if c["status"] == "paid"]
    return GatewayOrder(
        id=str(body["id"]),
        our_id=_our_id(body, charges),
        status=_status(body.get("payment_status"), paid),
        amount_centavos=int(body["amount"]),
        currency=str(body["currency"]),
        created_at=_moment(body["created_at"]),
        paid_at=_moment(paid[0]["paid_at"]) if paid and paid[0].get("paid_at") else None,
        paid_centavos=sum(int(c["amount"]) for c in paid),
        charges=tuple(_charge(c["payment_method"]) for c in charges if _is_ours(c)),
    )


def _our_id(body: dict[str, Any], charges: list[dict[str, Any]]) -> str | None:
    known = [(body.get("metadata") or {}).get(OUR_ID), *(c.get("reference_id") for c in charges)]
    return next((str(value) for value in known if value), None)


def _status(told: str | None, paid: list[Any]) -> OrderStatus:
    """After a decline and a retry an order may stay "declined" though a charge is paid (payments.md 2)."""
    status = STATUSES.get(told or "", OrderStatus.OPEN)
    return OrderStatus.PAID if paid and status is not OrderStatus.REFUNDED else status


def _is_ours(charge: dict[str, Any]) -> bool:
    return charge["payment_method"].get("object") in METHODS


def _charge(method: dict[str, Any]) -> GatewayCharge:
    kind = METHODS[method["object"]]
    stores = method.get("store_names") or [method[key] for key in ("store_name",) if method.get(key)]
    expires = method.get("expires_at")
    return GatewayCharge(
        method=kind,
        reference=str(method["clabe"] if kind is Method.SPEI else method["reference"]),
        expires_at=_moment(expires) if expires else None,
        stores=tuple(str(store) for store in stores),
        product=method.get("product_type") or method.get("type"),
        agreement=_text(method.get("agreement")),
        bank=_text(method.get("receiving_account_bank") or method.get("bank")),
        beneficiary=_text(method.get("receiving_account_holder_name")),
        proof=_text(method.get("tracking_code") or method.get("auth_code")),
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _moment(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
