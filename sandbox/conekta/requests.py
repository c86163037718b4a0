"""What Conekta accepts in a request body, as far as María's orders go (payments.md 2, openapi `order_request`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox.conekta.errors import invalid, not_allowed

Body = dict[str, Any]

ORDER = (
    "charges checkout currency customer_info discount_lines fiscal_entity line_items metadata needs_shipping_contact "
    "pre_authorize processing_mode return_url shipping_contact shipping_lines tax_lines three_ds_mode "
    "reuse_customer_clabe reuse_customer_cash_reference"
)
LINE = "antifraud_info brand description metadata name quantity sku tags unit_price"
PAYER = "name email phone corporate object customer_id"
CHARGE = "amount payment_method reference_id"
METHOD = (
    "type expires_at monthly_installments token_id payment_source_id cvc contract_id customer_ip_address product_type"
)
CHECKOUT = (
    "allowed_payment_methods excluded_payment_methods exclude_card_networks plan_ids expires_at failure_url "
    "force_save_card monthly_installments_enabled monthly_installments_options max_failed_retries name "
    "on_demand_enabled redirection_time success_url type"
)
CUSTOMER = (
    "antifraud_info corporate custom_reference date_of_birth email default_payment_source_id "
    "default_shipping_contact_id fiscal_entities metadata name national_id payment_sources phone plan_id "
    "shipping_contacts subscription"
)
THREE_DS = ("strict", "not_strict", "smart")
FLAGS = ("force_save_card", "monthly_installments_enabled", "on_demand_enabled")
COUNTS = ("max_failed_retries", "redirection_time")
URL = re.compile(r"https?://[^\s/]+(/\S*)?")
CHECKOUT_METHODS = {"cash", "card", "bank_transfer", "bnpl", "pay_by_bank", "apple", "google"}
YEAR = 365 * 86_400
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"\+?\d{10,15}")


def check_order(body: Body, now: int, knows_customer: Callable[[str], bool]) -> None:
    """Raises `ConektaError` (422) for what the real one would not take."""
    _known(body, ORDER, "")
    _text(body, "currency", 3, 3)
    if body["currency"] not in ("MXN", "USD"):
        raise invalid("currency", "is not supported")
    _payer(body.get("customer_info"), knows_customer)
    lines = body.get("line_items")
    if not isinstance(lines, list) or not lines:
        raise invalid("line_items", "is required")
    for line in lines:
        _line(line)
    check_metadata(body.get("metadata", {}))
    for charge in _list(body, "charges"):
        _charge(charge, amount(body), now)
    if "three_ds_mode" in body and body["three_ds_mode"] not in THREE_DS:
        raise invalid("three_ds_mode", "is invalid")
    if body.get("checkout") is not None:
        if "return_url" in body:
            raise invalid("return_url", "does not go with a checkout")
        _checkout(body["checkout"], now)


def check_customer(body: Body) -> None:
    """Raises `ConektaError` (422)."""
    _known(body, CUSTOMER, "")
    _person(body)
    check_metadata(body.get("metadata", {}))


def check_metadata(value: Any) -> None:
    """At most 100 keys; scalars only, strings up to 249 characters."""
    if not isinstance(value, dict) or len(value) > 100:
        raise invalid("metadata", "is invalid")
    for key, inner in value.items():
        if isinstance(inner, dict | list) or (isinstance(inner, str) and len(inner) > 249):
            raise invalid(f"metadata.{key}", "is invalid")


def amount(body: Body) -> int:
    """What the order comes to, in centavos: Conekta computes it from the lines."""
    total = sum(line["unit_price"] * line["quantity"] for line in body["line_items"])
    for extra, sign in (("tax_lines", 1), ("shipping_lines", 1), ("discount_lines", -1)):
        total += sign * sum(line["amount"] for line in body.get(extra) or [])
    return int(total)


def _known(body: Any, names: str, place: str) -> None:
    if not isinstance(body, dict):
        raise invalid(place or "body", "must be an object")
    for key in body:
        if key not in names.split():
            raise not_allowed(f"{place}.{key}".lstrip("."))


def _list(body: Body, key: str) -> list[Any]:
    value = body.get(key) or []
    if not isinstance(value, list):
        raise invalid(key, "must be an array")
    return value


def _text(body: Body, key: str, low: int, high: int) -> None:
    value = body.get(key)
    if not isinstance(value, str) or not low <= len(value) <= high:
        raise invalid(key, f"must be a text of {low} to {high} characters")


def _number(body: Body, key: str, low: int) -> None:
    value = body.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < low:
        raise invalid(key, f"must be an integer of at least {low}")


def _payer(payer: Any, knows_customer: Callable[[str], bool]) -> None:
    _known(payer, PAYER, "customer_info")
    if "customer_id" not in payer:
        _person(payer)
    elif not knows_customer(payer["customer_id"]):
        raise invalid("customer_info.customer_id", "does not exist")


def _person(body: Body) -> None:
    _text(body, "name", 1, 249)
    if not EMAIL.fullmatch(str(body.get("email", ""))):
        raise invalid("email", "is invalid")
    if not PHONE.fullmatch(str(body.get("phone", ""))):
        raise invalid("phone", "is invalid")


def _line(line: Any) -> None:
    _known(line, LINE, "line_items")
    _text(line, "name", 3, 249)
    _number(line, "unit_price", 0)
    _number(line, "quantity", 1)
    if line.get("description") is not None:
        _text(line, "description", 3, 249)


def _charge(charge: Any, total: int, now: int) -> None:
    _known(charge, CHARGE, "charges")
    method = charge.get("payment_method")
    _known(method, METHOD, "charges.payment_method")
    if method.get("type") not in ("cash", "oxxo_cash", "spei", "card"):
        raise invalid("charges.payment_method.type", "is invalid")
    if "amount" in charge and charge["amount"] != total:
        raise invalid("charges.amount", "does not match the order's amount")
    if method["type"] != "card":
        _expiry(method, now, 0)


def _expiry(body: Body, now: int, least: int) -> None:
    if "expires_at" in body:
        _number(body, "expires_at", 1)
        if not now + least < body["expires_at"] <= now + YEAR:
            raise invalid("expires_at", "must lie in the future, within a year")


def _checkout(checkout: Any, now: int) -> None:
    _known(checkout, CHECKOUT, "checkout")
    if checkout.get("type") not in ("Integration", "HostedPayment"):
        raise invalid("checkout.type", "is invalid")
    if "excluded_payment_methods" in checkout and "allowed_payment_methods" in checkout:
        raise invalid("checkout.excluded_payment_methods", "does not go with allowed_payment_methods")
    methods = checkout.get("allowed_payment_methods")
    if not isinstance(methods, list) or not methods or not set(methods) <= CHECKOUT_METHODS:
        raise invalid("checkout.allowed_payment_methods", "is invalid")
    if checkout["type"] == "HostedPayment":
        for key in ("success_url", "failure_url"):
            if not isinstance(checkout.get(key), str) or not URL.fullmatch(checkout[key]):
                raise invalid(f"checkout.{key}", "is not a URL")
    _settings(checkout)
    _expiry(checkout, now, 299)


def _settings(checkout: Body) -> None:
    """Flags, counts and the name."""
    for key in FLAGS:
        if not isinstance(checkout.get(key, False), bool):
            raise invalid(f"checkout.{key}", "must be a boolean")
    for key in COUNTS:
        if key in checkout:
            _number(checkout, key, 1)
    if "name" in checkout:
        _text(checkout, "name", 1, 249)
