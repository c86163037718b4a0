"""Tickets left instead of waiting for a person: AGORA would make each repeat a second one (agora.md section 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from services.agora.tickets import AgoraUnknown, Ticket, Tickets
from services.clock import Clock
from services.errors import ServiceError, UnknownOutcome
from services.handoff.tables import TicketRow
from services.storage import Database
from services.storage.upsert import insert_new

AGAIN = timedelta(minutes=5)  # who taps once more meanwhile gets the same folio


@dataclass
class LeftTickets:
    """Each is asked of AGORA once; what left and was not answered is never asked again."""

    database: Database
    clock: Clock
    agora: Tickets

    async def leave(self, contact: str, key: str, ticket: Ticket) -> str:
        """The folio. The same key, and a moment later the same wish, is the same ticket.

        Raises:
            AgoraUnknown: it may be there, now or since an earlier attempt.
            ServiceError: it was not taken.
        """
        row = await self._kept(contact, key, ticket.title)
        if row is not None and row.folio:
            return row.folio
        if row is not None and row.status != "refused":
            raise AgoraUnknown("tickets: left before")
        try:
            folio = await self.agora.create(ticket)
        except ServiceError as error:
            await self._settle(key, "unknown" if isinstance(error, UnknownOutcome) else "refused")
            raise
        await self._settle(key, "sent", folio)
        return folio

    async def _kept(self, contact: str, key: str, title: str) -> TicketRow | None:
        """What was kept before of this wish; None: it is new, and kept from now on."""
        now = self.clock.now()
        same = TicketRow.contact_id == contact, TicketRow.title == title, TicketRow.created_at > now - AGAIN
        lately = select(TicketRow).where(*same, TicketRow.folio.is_not(None)).order_by(TicketRow.created_at.desc())
        row = {"key": key, "contact_id": contact, "title": title, "status": "leaving", "created_at": now}
        async with self.database.begin() as session:
            if found := (await session.scalars(lately)).first():
                return found
            new = await insert_new(session, TicketRow, [row], ("key",))
            return None if new else await session.get_one(TicketRow, key)

    async def _settle(self, key: str, status: str, folio: str | None = None) -> None:
        async with self.database.begin() as session:
            await session.execute(update(TicketRow).where(TicketRow.key == key).values(status=status, folio=folio))
