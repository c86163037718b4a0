"""The parts of Conekta's order request that María uses (payments.md 2 and 6), as JSON schemas: nothing else may be sent.

They are ours: Conekta's whole OpenAPI file is not part of the project. Bodies that fit these fitted its `order_request`
too when they were compared on 2026-11-24.
"""

from __future__ import annotations

from typing import Any


def closed(required: str, **properties: Any) -> dict[str, Any]:
    """An object with these properties and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required.split(),
        "properties": properties,
    }


def one_charge(method: dict[str, Any]) -> dict[str, Any]:
    """`charges` with exactly one."""
    charge = closed(
        "payment_method reference_id amount",
        amount={"type": "integer", "minimum": 1},
        reference_id={"type": "string", "maxLength": 249},
        payment_method=method,
    )
    return {"type": "array", "minItems": 1, "maxItems": 1, "items": charge}


LINES = {
    "type": "array",
    "minItems": 1,
    "items": closed(
        "name unit_price quantity",
        name={"type": "string", "minLength": 3, "maxLength": 249},
        unit_price={"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
        quantity={"type": "integer", "minimum": 1},
    ),
}
METADATA = {
    "type": "object",
    "maxProperties": 100,
    "additionalProperties": {"type": "string", "maxLength": 249},
}
PAYER = closed(
    "name email phone",
    name={"type": "string", "minLength": 1},
    email={"type": "string", "pattern": "^[^@ ]+@[^@ ]+\\.[^@ ]+$"},
    phone={"type": "string", "pattern": "^\\+\\d{10,15}$"},
)
CHECKOUT = closed(
    "type allowed_payment_methods success_url failure_url expires_at",
    type={"const": "HostedPayment"},
    name={"type": "string", "minLength": 1, "maxLength": 249},
    allowed_payment_methods={"const": ["card"]},
    monthly_installments_enabled={"const": False},
    max_failed_retries={"type": "integer", "minimum": 1, "maximum": 127},
    redirection_time={"type": "integer", "minimum": 1, "maximum": 127},
    expires_at={"type": "integer"},
    success_url={"type": "string", "pattern": "^https://"},
    failure_url={"type": "string", "pattern": "^https://"},
)
REFERENCE = closed("type expires_at", type={"enum": ["cash", "spei"]}, expires_at={"type": "integer"})
SAVED_CARD = closed("type payment_source_id", type={"const": "card"}, payment_source_id={"type": "string"})
CURRENCY = {"const": "MXN"}

# what a citizen asks for: a reference, or a page to pay at by card
ORDER_CONTRACT = {
    **closed(
        "currency customer_info line_items metadata",
        currency=CURRENCY,
        customer_info=PAYER,
        line_items=LINES,
        charges=one_charge(REFERENCE),
        checkout=CHECKOUT,
        three_ds_mode={"enum": ["strict", "not_strict", "smart"]},
        metadata=METADATA,
    ),
    "oneOf": [{"required": ["charges"]}, {"required": ["checkout", "three_ds_mode"]}],
}
# auto-pay: a saved card of a customer, charged at once
CHARGE_CONTRACT = closed(
    "currency customer_info line_items metadata charges",
    currency=CURRENCY,
    customer_info=closed("customer_id", customer_id={"type": "string"}),
    line_items=LINES,
    charges=one_charge(SAVED_CARD),
    metadata=METADATA,
)
