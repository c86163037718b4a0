"""A vault in memory, for tests. A token is worth the card that its words name: `tok_visa_4242`."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

from services.autopay.model import SavedCard
from services.payments.errors import Misconfigured, PaymentRefused, PaymentsUnavailable, PaymentUnknown


@dataclass
class FakeVault:
    """Implements `services.autopay.vault.Vault`.

    `stranger`: it does not know our key. `swallow` makes so many next savings happen without an answer.
    """

    down: bool = False
    stranger: bool = False
    swallow: int = 0
    customers: dict[str, str] = field(default_factory=dict)
    saved: dict[str, list[SavedCard]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    async def find_customer(self, our_id: str) -> str | None:
        """See the port."""
        self._answer()
        return self.customers.get(our_id)

    async def create_customer(self, our_id: str) -> str:
        """See the port."""
        self._answer()
        self.customers[our_id] = f"cus_{next(self._numbers)}"
        self.saved[self.customers[our_id]] = []
        return self.customers[our_id]

    async def cards(self, customer_id: str) -> list[SavedCard]:
        """See the port."""
        self._answer()
        return list(self.saved[customer_id])

    async def save_card(self, customer_id: str, token: str) -> SavedCard:
        """See the port."""
        self._answer()
        if token in self.used or not token.startswith("tok_"):
            raise PaymentRefused("422 nonexistent_token")
        self.used.add(token)
        _, brand, last4 = token.split("_")
        made = SavedCard(f"src_{next(self._numbers)}", brand, last4, 12, 2030)
        self.saved[customer_id].append(made)
        if self.swallow:
            self.swallow -= 1
            raise PaymentUnknown("swallowed")
        return made

    async def remove_card(self, customer_id: str, card_id: str) -> None:
        """See the port."""
        self._answer()
        self.saved[customer_id] = [card for card in self.saved[customer_id] if card.id != card_id]

    def _answer(self) -> None:
        if self.down:
            raise PaymentsUnavailable("down")
        if self.stranger:
            raise Misconfigured("401")
