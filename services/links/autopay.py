"""The link to a contact's saved cards and auto-pay: given in the chat after a code, and only for a short while.

Whoever has it can add a card, choose or remove one and end auto-pay; nobody can charge or pay with it, and of a
card it shows the last four digits.
"""

from __future__ import annotations

from datetime import timedelta

from services.clock import Clock
from services.links.signed import SignedLinks, link_secrets
from services.settings import Settings

PURPOSE = "maria.portal.autopay"


class AutopayLinks(SignedLinks):
    """The subject is a contact's id."""

    def __init__(self, base_url: str, secrets: list[str], clock: Clock, life: timedelta) -> None:
        super().__init__(PURPOSE, base_url, secrets, clock)
        self._life = life

    def page(self, contact_id: str) -> str:
        """Where the citizen sees and changes them, from now on and for a while."""
        return f"{self.base}/automatico/{self.token(contact_id, self._clock.now() + self._life)}"


def build_autopay_links(settings: Settings, clock: Clock) -> AutopayLinks:
    """With the installation's address and secrets."""
    life = timedelta(minutes=settings.autopay_link_minutes)
    return AutopayLinks(settings.edge_url, link_secrets(settings), clock, life)
