"""What auto-pay needs of a gateway that keeps cards; Conekta's is in `services.payments.conekta.vault`."""

from __future__ import annotations

from typing import Protocol

from services.autopay.model import SavedCard


class Vault(Protocol):
    """Keeps cards. Every method may raise `PaymentsUnavailable`; those that write also `PaymentUnknown`."""

    async def find_customer(self, our_id: str) -> str | None:
        """The customer that carries our id."""

    async def create_customer(self, our_id: str) -> str:
        """A new customer. It names nobody: our id is opaque."""

    async def cards(self, customer_id: str) -> list[SavedCard]:
        """What is saved."""

    async def save_card(self, customer_id: str, token: str) -> SavedCard:
        """A token from the citizen's browser becomes a saved card, once. `PaymentRefused`: it was not taken."""

    async def remove_card(self, customer_id: str, card_id: str) -> None:
        """Forget a card; one that is not there is forgotten already."""
