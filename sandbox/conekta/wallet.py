"""Customers and the cards they have saved, and what a bank says when a saved card is charged (payments.md 5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.conekta import cards, requests
from sandbox.conekta.cards import NOT_AUTHENTICATED, Card, Ending, Refusal
from sandbox.conekta.errors import ConektaError, invalid, not_found
from sandbox.conekta.ids import made_id

UNKNOWN = "parameter_validation.payment_method.token_id.nonexistent_token"
USED = "processing.tokenization.used"
ANSWERS: dict[str, Refusal | None] = {
    "paid": None,
    "insufficient_funds": cards.FUNDS,
    "declined": cards.DECLINED,
    "suspicious": cards.FRAUD,
}


@dataclass
class Token:
    """A card that was typed, good for one use."""

    card: Card
    id: str = field(default_factory=lambda: made_id("tok_"))
    used: bool = False


@dataclass
class Source:
    """A saved card. `answers` overrides what its bank says, as cards run out of money between two charges."""

    customer_id: str
    card: Card
    created: int
    id: str = field(default_factory=lambda: made_id("src_"))
    answers: str | None = None

    def body(self, default: str | None) -> dict[str, Any]:
        """As `payment_sources` of a customer shows it."""
        return {
            "id": self.id,
            "object": "payment_source",
            "type": "card",
            "created_at": self.created,
            "last4": self.card.number[-4:],
            "bin": self.card.number[:6],
            "card_type": "debit",
            "exp_month": f"{self.card.month:02d}",
            "exp_year": f"{self.card.year % 100:02d}",
            "brand": self.card.brand,
            "name": self.card.name,
            "parent_id": self.customer_id,
            "default": self.id == default,
            "payment_source_status": "active",
            "visible_on_checkout": False,
        }


class Wallet:
    """All customers, tokens and saved cards."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self.customers: dict[str, dict[str, Any]] = {}
        self._tokens: dict[str, Token] = {}
        self._sources: dict[str, Source] = {}

    def clear(self) -> None:
        """Forget everything."""
        for kept in (self.customers, self._tokens, self._sources):
            kept.clear()

    def create_customer(self, body: dict[str, Any]) -> dict[str, Any]:
        """`POST /customers`."""
        requests.check_customer(body)
        made = {"id": made_id("cus_"), "object": "customer", "livemode": False, "created_at": self._now(), **body}
        sources = [self._token(source) for source in made.pop("payment_sources", None) or []]
        self.customers[made["id"]] = {"default_payment_source_id": None, **made}
        for token in sources:
            self._save(made["id"], token)
        return self.customer(made["id"])

    def customer(self, customer_id: str) -> dict[str, Any]:
        """With its cards."""
        if customer_id not in self.customers:
            raise not_found("Customer", customer_id)
        return {**self.customers[customer_id], "payment_sources": self.listed(customer_id)}

    def search(self, words: str) -> list[dict[str, Any]]:
        """Customers in which the words stand."""
        found = [c for c in self.customers.values() if words.casefold() in str(list(c.values())).casefold()]
        return [self.customer(c["id"]) for c in found[::-1]]

    def listed(self, customer_id: str) -> dict[str, Any]:
        """The list of a customer's cards."""
        default = self.customers[customer_id]["default_payment_source_id"]
        rows = [s.body(default) for s in self._sources.values() if s.customer_id == customer_id]
        return {"object": "list", "has_more": False, "total": len(rows), "data": rows}

    def tokenise(self, body: dict[str, Any], year: int, month: int) -> dict[str, Any]:
        """`POST /tokens`, which only Conekta's own component in the browser may call."""
        typed = body.get("card")
        if not isinstance(typed, dict):
            raise invalid("card", "is required")
        months, years = str(typed.get("exp_month", "")), str(typed.get("exp_year", ""))
        if not months.isdigit() or not years.isdigit() or len(years) > 4:
            raise ConektaError(422, "parameter_validation.expiration_date.expired", "The card has expired")
        full = int(years) + 2000 if int(years) < 100 else int(years)
        number = "".join(c for c in str(typed.get("number", "")) if c not in " -")
        card = Card(number, str(typed.get("name", "")).strip(), int(months), full, str(typed.get("cvc", "")))
        if code := cards.fault(card, year, month):
            raise ConektaError(422, code, "The card is invalid", param="card")
        token = Token(card)
        self._tokens[token.id] = token
        return {"id": token.id, "object": "token", "livemode": False, "used": False}

    def save(self, customer_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """`POST /customers/{id}/payment_sources`."""
        self.customer(customer_id)
        return self._save(customer_id, self._token(body)).body(self.customers[customer_id]["default_payment_source_id"])

    def _save(self, customer_id: str, token: Token) -> Source:
        token.used = True
        source = Source(customer_id, token.card, self._now())
        self._sources[source.id] = source
        customer = self.customers[customer_id]
        customer["default_payment_source_id"] = customer["default_payment_source_id"] or source.id
        return source

    def _token(self, body: Any) -> Token:
        if not isinstance(body, dict) or body.get("type") != "card":
            raise invalid("type", "is invalid")
        if set(body) - {"type", "token_id"}:
            raise ConektaError(422, "parameter_validation.whitelist", "A parameter is not allowed")
        token = self._tokens.get(str(body.get("token_id")))
        if token is None:
            raise ConektaError(422, UNKNOWN, "The token does not exist.", param="payment_method.token_id")
        if token.used:
            raise ConektaError(422, USED, "The token has already been used.", param="payment_method.token_id")
        return token

    def remove(self, customer_id: str, source_id: str) -> dict[str, Any]:
        """`DELETE /customers/{id}/payment_sources/{src}`; another card becomes the default."""
        source = self.source(source_id)
        if source.customer_id != customer_id:
            raise not_found("PaymentSource", source_id)
        del self._sources[source_id]
        customer = self.customers[customer_id]
        if customer["default_payment_source_id"] == source_id:
            rest = (s.id for s in self._sources.values() if s.customer_id == customer_id)
            customer["default_payment_source_id"] = next(rest, None)
        return source.body(None)

    def source(self, source_id: str) -> Source:
        """A saved card."""
        if source_id not in self._sources:
            raise not_found("PaymentSource", source_id)
        return self._sources[source_id]

    def all_sources(self) -> list[Source]:
        """For the bank's page."""
        return list(self._sources.values())[::-1]

    def charged(self, payer: dict[str, Any], asked: dict[str, Any]) -> Source:
        """The saved card of a charge; it must be this customer's."""
        method = asked["payment_method"]
        if "payment_source_id" not in method:
            raise ConektaError(422, UNKNOWN, "Only saved cards are charged directly in this sandbox")
        source = self._sources.get(str(method["payment_source_id"]))
        if source is None or source.customer_id != payer.get("customer_id"):
            raise invalid("charges.payment_method.payment_source_id", "does not exist")
        return source

    @staticmethod
    def answer(source: Source) -> Refusal | None:
        """Yes (None), or why not."""
        if source.answers is not None:
            return ANSWERS[source.answers]
        ending, refusal = cards.ending(source.card)
        return NOT_AUTHENTICATED if ending is Ending.CHALLENGE else refusal
