"""Orders and charges as JSON (payments.md 3 and 4)."""

from __future__ import annotations

from typing import Any

from sandbox.conekta.orders import Charge, Order

STORES = [
    "7-Eleven",
    "Farmacias del Ahorro",
    "Circle K",
    "Extra",
    "Soriana",
    "Farmacias Benavides",
    "Waldo's",
]
BANK = "STP"
CHECKOUT_STATES = {"paid": "Finalized", "expired": "Expired", "canceled": "Cancelled"}


def listed(rows: list[dict[str, Any]], *, has_more: bool = False) -> dict[str, Any]:
    """Conekta's list envelope inside an object."""
    return {"object": "list", "has_more": has_more, "total": len(rows), "data": rows}


def order(found: Order, base: str) -> dict[str, Any]:
    """An order; `base` is the sandbox's own address, for the pictures and pages it links to."""
    asked = found.asked
    body: dict[str, Any] = {
        "id": found.id,
        "object": "order",
        "livemode": False,
        "amount": found.amount,
        "amount_refunded": 0,
        "currency": asked["currency"],
        "payment_status": found.status,
        "is_refundable": False,
        "split_payment": False,
        "processing_mode": asked.get("processing_mode"),
        "created_at": found.created,
        "updated_at": found.updated,
        "metadata": asked.get("metadata", {}),
        "customer_info": {
            "object": "customer_info",
            "corporate": None,
            "customer_id": None,
            **asked["customer_info"],
        },
        "line_items": listed([_line(found, i, line) for i, line in enumerate(asked["line_items"])]),
        "charges": listed([charge(found, c, base) for c in found.charges]) if found.charges else None,
        "shipping_contact": None,
        "shipping_lines": None,
        "tax_lines": None,
        "discount_lines": None,
        "fiscal_entity": None,
        "channel": None,
    }
    if found.checkout:
        body["checkout"] = _checkout(found, base)
    if found.challenge:
        where = {"url": f"{base}/conekta/3ds/{found.challenge.id}", "return_url": None}
        body["next_action"] = {"type": "redirect_to_url", "redirect_to_url": where}
    return body


def charge(of: Order, found: Charge, base: str) -> dict[str, Any]:
    """A charge with its payment method."""
    return {
        "id": found.id,
        "object": "charge",
        "livemode": False,
        "created_at": found.created,
        "currency": of.asked["currency"],
        "amount": found.amount,
        "status": found.status,
        "paid_at": found.paid_at,
        "order_id": of.id,
        "reference_id": found.reference_id,
        "description": "Payment from order",
        "customer_id": found.customer_id,
        "failure_code": found.failure.failure_code if found.failure else None,
        "failure_message": found.failure.message if found.failure else None,
        "monthly_installments": None,
        "device_fingerprint": None,
        "channel": None,
        "is_refundable": False,
        "refunds": None,
        "payment_method": _METHODS[found.kind](found, base),
    }


def _cash(found: Charge, base: str) -> dict[str, Any]:
    method: dict[str, Any] = {
        "object": "cash_payment",
        "reference": found.reference,
        "barcode_url": f"{base}/conekta/barcodes/{found.reference}.png",
        "expires_at": found.expires_at,
        "store": None,
        "auth_code": None,
        "cashier_id": None,
    }
    if found.network == "oxxo":
        return {
            **method,
            "type": "oxxo",
            "service_name": "OxxoPay",
            "store_name": "OXXO",
            "product_type": "oxxo",
        }
    cash = {"type": "cash", "service_name": "Cash", "product_type": "cash_in"}
    return {**method, **cash, "store_names": STORES, "agreement": None}


def _spei(found: Charge, base: str) -> dict[str, Any]:
    paid = found.status == "paid"
    return {
        "object": "bank_transfer_payment",
        "type": "spei",
        "clabe": found.reference,
        "bank": BANK,
        "receiving_account_number": found.reference,
        "receiving_account_bank": BANK,
        "receiving_account_holder_name": None,
        "receiving_account_tax_id": None,
        "issuing_account_bank": "BANCO DE LA CAJA DE ARENA" if paid else None,
        "issuing_account_number": None,
        "issuing_account_holder_name": None,
        "issuing_account_tax_id": None,
        "reference_number": None,
        "tracking_code": found.tracking_code,
        "description": None,
        "executed_at": found.paid_at,
        "payment_attempts": [],
        "expires_at": found.expires_at,
    }


def _card(found: Charge, base: str) -> dict[str, Any]:
    typed = found.card
    return {
        "object": "card_payment",
        "type": "debit",
        "fraud_indicators": [],
        "name": typed.name if typed else None,
        "exp_month": f"{typed.month:02d}" if typed else None,
        "exp_year": f"{typed.year % 100:02d}" if typed else None,
        "auth_code": "123456" if found.status == "paid" else None,
        "last4": found.reference,
        "brand": typed.brand if typed else "visa",
        "issuer": "sandbox",
        "account_type": "debit",
        "country": "MX",
    }


_METHODS = {"cash": _cash, "spei": _spei, "card": _card}


def _line(of: Order, place: int, line: dict[str, Any]) -> dict[str, Any]:
    own = {"object": "line_item", "id": f"line_item_{of.id[4:-1]}{place}", "parent_id": of.id}
    return {"description": None, "sku": None, "tags": None, "brand": None, "metadata": {}, **line, **own}


def _checkout(of: Order, base: str) -> dict[str, Any]:
    slug = of.slug
    own = {
        "object": "checkout",
        "id": slug,
        "slug": slug,
        "url": f"{base}/conekta/checkout/{slug}",
        "status": CHECKOUT_STATES.get(of.status or "", "Issued"),
        "livemode": False,
        "starts_at": of.created,
        "recurrent": False,
    }
    return {"expires_at": of.created + 3 * 86_400, **(of.checkout or {}), **own}
