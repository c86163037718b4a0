"""The link to a contact's payments in the portal: given in the chat with the list of payments, only to be read.

Whoever has it sees what this chat has paid and can still pay; contracts by their endings, no names. It opens neither
the saved cards nor anything else.
"""

from __future__ import annotations

from datetime import timedelta

from services.clock import Clock
from services.links.signed import SignedLinks, link_secrets
from services.settings import Settings

PURPOSE = "maria.portal.payments"


class PaymentLinks(SignedLinks):
    """The subject is a contact's id."""

    def __init__(self, base_url: str, secrets: list[str], clock: Clock, life: timedelta) -> None:
        super().__init__(PURPOSE, base_url, secrets, clock)
        self._life = life

    def page(self, contact_id: str) -> str:
        """Where the citizen sees them, from now on and for a while."""
        return f"{self.base}/pagos/{self.token(contact_id, self._clock.now() + self._life)}"


def build_payment_links(settings: Settings, clock: Clock) -> PaymentLinks:
    """With the installation's address and secrets."""
    return PaymentLinks(
        settings.edge_url, link_secrets(settings), clock, timedelta(minutes=settings.payments_page_minutes)
    )
