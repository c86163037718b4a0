"""Links to pages of the portal that are given in the chat and live for a while from then on; one class a page.

Each is signed for its own page only, so that one given to read a list opens neither cards nor invoices.
"""

from __future__ import annotations

from abc import abstractmethod
from datetime import timedelta
from typing import ClassVar, Self

from services.clock import Clock
from services.links.signed import SignedLinks, link_secrets
from services.settings import Settings


class PageLinks(SignedLinks):
    """Makes and reads the links to one page; what its subject is says the subclass."""

    purpose: ClassVar[str]
    path: ClassVar[str]

    def __init__(self, base_url: str, secrets: list[str], clock: Clock, life: timedelta) -> None:
        super().__init__(self.purpose, base_url, secrets, clock)
        self._life = life

    @classmethod
    def build(cls, settings: Settings, clock: Clock) -> Self:
        """With the installation's address and secrets."""
        life = timedelta(minutes=cls.minutes(settings))
        return cls(settings.edge_url, link_secrets(settings), clock, life)

    @staticmethod
    @abstractmethod
    def minutes(settings: Settings) -> int:
        """How long such a link lives."""

    def page(self, subject: str) -> str:
        """The page's address, good from now on and for a while."""
        return f"{self.base}/{self.path}/{self.token(subject, self._clock.now() + self._life)}"


class AutopayLinks(PageLinks):
    """To a contact's saved cards and auto-pay, after a code. The subject is a contact's id.

    Whoever has it can add a card, choose or remove one and end auto-pay; nobody can charge or pay with it, and of a
    card it shows the last four digits.
    """

    purpose, path = "maria.portal.autopay", "automatico"

    @staticmethod
    def minutes(settings: Settings) -> int:
        """As set."""
        return settings.autopay_link_minutes


class PaymentLinks(PageLinks):
    """To a contact's payments: to be read, and to get to a card page that is open. The subject is a contact's id.

    Whoever has it sees what this chat has paid and can still pay; contracts by their endings, no names.
    """

    purpose, path = "maria.portal.payments", "pagos"

    @staticmethod
    def minutes(settings: Settings) -> int:
        """As set."""
        return settings.payments_page_minutes


class InvoiceLinks(PageLinks):
    """To where the fiscal data of one payment's invoice are given. The subject is a request's id.

    Whoever has it can have that one payment invoiced, once; of data kept earlier it shows no more than an ending.
    """

    purpose, path = "maria.portal.invoice", "factura"

    @staticmethod
    def minutes(settings: Settings) -> int:
        """As set."""
        return settings.invoice_link_minutes
