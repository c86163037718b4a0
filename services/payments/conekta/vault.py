"""Customers and saved cards at Conekta (payments.md 5). A card's number never passes here, only tokens."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from services.autopay.model import SavedCard
from services.payments.conekta.client import ConektaClient
from services.payments.errors import OrderMissing, PaymentsUnavailable, PaymentUnknown

CENTURY = 2000


class ConektaVault:
    """Implements `services.autopay.vault.Vault`. Name, e-mail and phone are CEA's own: no personal data leaves."""

    def __init__(self, client: ConektaClient, name: str, email: str, phone: str) -> None:
        self._client = client
        self._known = {"name": name, "email": email, "phone": phone}

    async def find_customer(self, our_id: str) -> str | None:
        """`GET /customers?search=`; what it searches is undocumented, so the reference is compared."""
        body = await self._client.call("GET", "/customers", params={"search": our_id})
        mine = [row for row in body.get("data", []) if row.get("custom_reference") == our_id]
        return str(mine[-1]["id"]) if mine else None

    async def create_customer(self, our_id: str) -> str:
        """`POST /customers`."""
        body = await self._client.call("POST", "/customers", json={**self._known, "custom_reference": our_id})
        if not body.get("id"):
            raise PaymentUnknown("no customer")
        return str(body["id"])

    async def cards(self, customer_id: str) -> list[SavedCard]:
        """`GET /customers/{id}/payment_sources`."""
        body = await self._client.call("GET", f"/customers/{customer_id}/payment_sources")
        try:
            return [saved_card(row) for row in body.get("data", []) if row.get("type") == "card"]
        except (KeyError, TypeError, ValueError) as error:
            raise PaymentsUnavailable("not cards") from error

    async def save_card(self, customer_id: str, token: str) -> SavedCard:
        """`POST /customers/{id}/payment_sources`."""
        asked = {"type": "card", "token_id": token}
        body = await self._client.call("POST", f"/customers/{customer_id}/payment_sources", json=asked)
        try:
            return saved_card(body)
        except (KeyError, TypeError, ValueError) as error:
            raise PaymentUnknown("not a card") from error

    async def remove_card(self, customer_id: str, card_id: str) -> None:
        """`DELETE /customers/{id}/payment_sources/{src}`."""
        with suppress(OrderMissing):
            await self._client.call("DELETE", f"/customers/{customer_id}/payment_sources/{card_id}")


def saved_card(body: dict[str, Any]) -> SavedCard:
    """A `payment_source`.

    Raises:
        KeyError, TypeError, ValueError: it is not one.
    """
    year = int(body["exp_year"])
    return SavedCard(
        id=str(body["id"]),
        brand=str(body.get("brand") or "")[:20],
        last4=str(body["last4"])[-4:],
        exp_month=int(body["exp_month"]),
        exp_year=year + CENTURY if year < CENTURY else year,
    )
