"""The link to the page where the fiscal data of one payment's invoice are given: for one request, for a short while.

Whoever has it can have that one payment invoiced, once; of data kept earlier it shows no more than an ending.
"""

from __future__ import annotations

from datetime import timedelta

from services.clock import Clock
from services.links.signed import SignedLinks, link_secrets
from services.settings import Settings

PURPOSE = "maria.portal.invoice"


class InvoiceLinks(SignedLinks):
    """The subject is a request's id."""

    def __init__(self, base_url: str, secrets: list[str], clock: Clock, life: timedelta) -> None:
        super().__init__(PURPOSE, base_url, secrets, clock)
        self._life = life

    def page(self, request_id: str) -> str:
        """Where the data are given, from now on and for a while."""
        return f"{self.base}/factura/{self.token(request_id, self._clock.now() + self._life)}"


def build_invoice_links(settings: Settings, clock: Clock) -> InvoiceLinks:
    """With the installation's address and secrets."""
    life = timedelta(minutes=settings.invoice_link_minutes)
    return InvoiceLinks(settings.edge_url, link_secrets(settings), clock, life)
