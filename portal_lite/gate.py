"""How often a card page may be opened and the gateway asked. What cannot be counted is not allowed."""

from __future__ import annotations

from fastapi import Request

from services.errors import ServiceError
from services.limits.windows import Limit, Windows, network
from services.settings import Settings

HOUR, DAY = 3600, 86_400
SAVED = Limit("card_saved", 8, DAY)
INVOICE, INVOICE_ADDRESS = Limit("invoice_link", 15, HOUR), Limit("invoice_address", 60, HOUR)
POLL, SHOW = Limit("card_poll", 1, 2), Limit("card_show", 30, 60)


class Gate:
    """Stolen cards are tried by the hundred: by link, by contact and by internet address there is an end."""

    def __init__(self, windows: Windows, settings: Settings) -> None:
        self._windows = windows
        self._link = Limit("card_link", settings.card_openings_a_link, HOUR)
        self._contact = Limit("card_contact", settings.card_openings_a_contact, DAY)
        self._address = Limit("card_address", settings.card_openings_an_address, HOUR)

    async def opening(self, payment_id: str, contact_id: str, request: Request) -> None:
        """Count one opening of Conekta's page.

        Raises:
            OverLimit, LimitsDown: it must not be opened.
        """
        await self._windows.take(self._address, network(request.client.host if request.client else ""))
        await self._windows.take(self._contact, contact_id)
        await self._windows.take(self._link, payment_id)

    async def saving(self, contact_id: str, request: Request) -> None:
        """Count one card that is to be saved.

        Raises:
            OverLimit, LimitsDown: it must not be.
        """
        await self._windows.take(self._address, network(request.client.host if request.client else ""))
        await self._windows.take(SAVED, contact_id)

    async def invoicing(self, request_id: str, request: Request) -> None:
        """Count one handing in of fiscal data: who tries out RFCs gets to an end.

        Raises:
            OverLimit, LimitsDown: it must not be taken.
        """
        await self._windows.take(INVOICE_ADDRESS, network(request.client.host if request.client else ""))
        await self._windows.take(INVOICE, request_id)

    async def may_look(self, payment_id: str, *, polled: bool) -> bool:
        """Whether the gateway may be asked again already; less often for a page that polls by itself."""
        try:
            await self._windows.take(POLL if polled else SHOW, payment_id)
        except ServiceError:
            return False
        return True
