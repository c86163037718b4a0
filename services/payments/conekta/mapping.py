"""Between Conekta's JSON and our types (payments.md 2, 3 and 4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from services.payments.gateway import CARD_TRIES, GatewayCharge, GatewayOrder, NewOrder, OrderStatus
from services.payments.model import Method

OUR_ID = "maria_payment"
REDIRECTION_SECONDS = 2
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
CARD = "card_payment"
METHODS = {"cash_payment": Method.CASH, "bank_transfer_payment": Method.SPEI}


def order_body(asked: NewOrder) -> dict[str, Any]:
    """`POST /orders`. No shipping contact: a bad one would refuse the whole order (payments.md 2)."""
    payer = {"name": asked.payer_name, "email": asked.payer_email, "phone": asked.payer_phone}
    return {
        "currency": "MXN",
        "customer_info": {"customer_id": asked.saved[0]} if asked.saved else payer,
        "line_items": [{"name": asked.title, "unit_price": asked.amount_centavos, "quantity": 1}],
        "metadata": {OUR_ID: asked.our_id},
        **(_checkout(asked) if asked.method is Method.CARD else _charges(asked)),
    }


def _charges(asked: NewOrder) -> dict[str, Any]:
    method: dict[str, Any] = {"type": asked.method.value, "expires_at": int(asked.expires_at.timestamp())}
    if asked.saved:
        method = {"type": "card", "payment_source_id": asked.saved[1]}
    return {
        "charges": [{"amount": asked.amount_centavos, "reference_id": asked.our_id, "payment_method": method}],
    }


def _checkout(asked: NewOrder) -> dict[str, Any]:
    """Conekta's own page, cards only, with 3-D Secure where the bank or Conekta wants it (payments.md 5 and 6)."""
    return {
        "three_ds_mode": "smart",
        "checkout": {
            "type": "HostedPayment",
            "name": asked.title,
            "allowed_payment_methods": ["card"],
            "monthly_installments_enabled": False,
            "max_failed_retries": CARD_TRIES,
            "redirection_time": REDIRECTION_SECONDS,
            "expires_at": int(asked.expires_at.timestamp()),
            "success_url": asked.return_url,
            "failure_url": asked.return_url,
        },
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
        status=_status(body.get("payment_status"), charges, paid),
        amount_centavos=int(body["amount"]),
        currency=str(body["currency"]),
        created_at=_moment(body["created_at"]),
        paid_at=_moment(paid[0]["paid_at"]) if paid and paid[0].get("paid_at") else None,
        paid_centavos=sum(int(c["amount"]) for c in paid),
        charges=tuple(_charge(c["payment_method"]) for c in charges if _is_ours(c)),
        checkout_url=_text((body.get("checkout") or {}).get("url")),
        declines=tuple(_failure(c) for c in charges if _is_card(c) and c["status"] == "declined"),
        underway=body.get("payment_status") == "pending_payment",
        paid_with=_paid_with(paid[0]["payment_method"]) if paid else {},
    )


def _paid_with(method: dict[str, Any]) -> dict[str, str]:
    """What a receipt may say: the bank's or the till's own number, and of a card its brand and last digits."""
    found = {"proof": method.get("tracking_code") or method.get("auth_code")}
    if method.get("object") == CARD:
        found["card"] = " ".join(str(method[key]) for key in ("brand", "last4") if method.get(key))
        found["card_type"] = method.get("type")  # credit | debit
    return {name: str(value) for name, value in found.items() if value}


def _is_card(charge: dict[str, Any]) -> bool:
    return bool(charge["payment_method"].get("object") == CARD)


def _failure(charge: dict[str, Any]) -> str:
    """The bank's answer as a code, e.g. `suspected_fraud`; empty when Conekta gives none."""
    return str(charge.get("failure_code") or "")


def _our_id(body: dict[str, Any], charges: list[dict[str, Any]]) -> str | None:
    known = [(body.get("metadata") or {}).get(OUR_ID), *(c.get("reference_id") for c in charges)]
    return next((str(value) for value in known if value), None)


def _status(told: str | None, charges: list[Any], paid: list[Any]) -> OrderStatus:
    """After a decline and a retry an order may stay "declined" though a charge is paid (payments.md 2).

    The order that comes with a 402 says no `payment_status` at all; its charges do.
    """
    if not told and charges and all(charge["status"] == "declined" for charge in charges):
        return OrderStatus.DECLINED
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
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _moment(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
