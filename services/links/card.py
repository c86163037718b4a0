"""The link to pay one stored payment by card: signed, expiring, good for nothing else.

It names a row and a moment. Amount, contract and person are read from the row, so there is nothing in the link
to change; and nothing in it says who asked for it, so that passing it on does no harm.
"""

from __future__ import annotations

from datetime import datetime

from services.clock import Clock
from services.links.signed import Link as CardLink
from services.links.signed import LinkInvalid, SignedLinks, link_secrets
from services.settings import Settings

__all__ = ["CardLink", "CardLinks", "LinkInvalid", "build_links"]

PURPOSE = "maria.portal.card"  # part of the key: a link for anything else does not open this


class CardLinks(SignedLinks):
    """Makes and reads them; the subject is a payment's id."""

    def __init__(self, base_url: str, secrets: list[str], clock: Clock) -> None:
        super().__init__(PURPOSE, base_url, secrets, clock)

    def card(self, payment_id: str, expires_at: datetime) -> str:
        """Where the citizen pays."""
        return f"{self.base}/pagar/{self.token(payment_id, expires_at)}"

    def card_result(self, payment_id: str, expires_at: datetime) -> str:
        """Where the gateway's page leads back to."""
        return f"{self.card(payment_id, expires_at)}/resultado"


def build_links(settings: Settings, clock: Clock) -> CardLinks:
    """With the installation's address and secrets."""
    return CardLinks(settings.edge_url, link_secrets(settings), clock)
