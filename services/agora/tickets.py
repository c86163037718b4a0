"""AGORA's own `agent/tickets` (agora.md section 10): a Bearer token of its own, no idempotency, no reading back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

from services.errors import Refused, Unavailable, UnknownOutcome


class AgoraDown(Unavailable):
    """It surely did not take the ticket."""

    response = "utter_request_not_saved"


class AgoraUnknown(UnknownOutcome):
    """It may have taken it."""

    response = "utter_request_unknown"


class AgoraRefused(Refused):
    """It said no."""

    response = "utter_request_not_saved"


@dataclass(frozen=True)
class Ticket:
    """What AGORA is asked to keep."""

    title: str
    description: str
    priority: str  # low | medium | high | urgent
    service_type: str
    contract: str | None = None
    phone: str | None = None
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    metadata: dict[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The request's JSON."""
        details: dict[str, Any] = {**self.metadata}
        if self.place:
            details["ubicacion"] = self.place
        if self.latitude is not None:
            details["coordenadas"] = {"lat": self.latitude, "lng": self.longitude}
        return {
            "title": self.title,
            "description": self.description,
            "priority": self.priority,
            "ticket_type": "GEN",
            "service_type": self.service_type,
            "channel": "whatsapp",
            "contract_number": self.contract,
            "contact_phone": self.phone,
            "metadata": details,
        }


class Tickets(Protocol):
    """Keeps tickets and gives their folio."""

    async def create(self, ticket: Ticket) -> str:
        """The folio, as AGORA gives it (`CEA-10433`). Asked once: a repeat could be a second ticket."""


class AgoraTickets:
    """Implements `Tickets` over HTTP."""

    def __init__(self, http: httpx.AsyncClient, url: str, account: int, token: str) -> None:
        self._http = http
        self._url = f"{url.rstrip('/')}/api/v1/accounts/{account}/agent/tickets"
        self._headers = {"Authorization": f"Bearer {token}"}

    async def create(self, ticket: Ticket) -> str:
        """See the protocol.

        Raises:
            AgoraDown, AgoraUnknown, AgoraRefused.
        """
        try:
            answer = await self._http.post(self._url, json=ticket.body(), headers=self._headers)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise AgoraDown("tickets") from error
        except httpx.HTTPError as error:
            raise AgoraUnknown("tickets") from error
        if answer.status_code >= 500:
            raise AgoraUnknown(f"tickets: {answer.status_code}")
        if not answer.is_success:
            raise AgoraRefused(f"tickets: {answer.status_code}")
        try:
            return str(answer.json()["folio"])
        except (ValueError, KeyError, TypeError) as error:  # taken, but nobody knows as what
            raise AgoraUnknown("tickets: no folio") from error


class FakeTickets:
    """In memory, for tests."""

    def __init__(self) -> None:
        self.made: list[Ticket] = []
        self.error: Exception | None = None

    async def create(self, ticket: Ticket) -> str:
        """See the protocol."""
        if self.error:
            raise self.error
        self.made.append(ticket)
        return f"CEA-{20_400 + len(self.made)}"
