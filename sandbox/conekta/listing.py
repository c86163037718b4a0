"""`GET /orders`: filters and pages (payments.md 1)."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.conekta.errors import invalid, not_allowed
from sandbox.conekta.orders import Order

KNOWN = {"limit", "search", "next", "previous", "payment_status", "last_payment_info.status"}
BOUNDS = {"created_at", "created_at.gte", "created_at.lte", "updated_at.gte", "updated_at.lte"}


def page(orders: list[Order], query: Mapping[str, str]) -> tuple[list[Order], bool]:
    """The orders asked for and whether there are more. 1 to 250 a page, 20 by default."""
    for name in query:
        if name not in KNOWN | BOUNDS:
            raise not_allowed(name)
    limit = _number(query, "limit", 20)
    if not 1 <= limit <= 250:
        raise invalid("limit", "must be between 1 and 250")
    found = [order for order in orders if _matches(order, query)]
    if after := query.get("next"):
        ids = [order.id for order in found]
        found = found[ids.index(after) + 1 :] if after in ids else []
    return found[:limit], len(found) > limit


def _matches(order: Order, query: Mapping[str, str]) -> bool:
    if "search" in query and not order.mentions(query["search"]):
        return False
    wanted = query.get("payment_status") or query.get("last_payment_info.status")
    if wanted and order.status != wanted:
        return False
    return all(_within(order, name, _number(query, name, 0)) for name in BOUNDS & query.keys())


def _within(order: Order, name: str, bound: int) -> bool:
    field, _, side = name.partition(".")
    value = order.created if field == "created_at" else order.updated
    return {"gte": value >= bound, "lte": value <= bound, "": value == bound}[side]


def _number(query: Mapping[str, str], name: str, otherwise: int) -> int:
    try:
        return int(query.get(name, otherwise))
    except ValueError as error:
        raise invalid(name, "must be an integer") from error
