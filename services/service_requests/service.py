"""Report a fault, add a photo, see how it goes.

Neither system can be asked whether it took a report: AGORA's tickets cannot be read, and what Aquasis lists of a
service point's orders has no code (aquasis.md 2.5). So it is noted before it leaves; whoever finds it on its way and
nobody bringing an answer does not send it again.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import yaml
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from services.agora.tickets import Ticket, Tickets
from services.aquasis.model import OrderStatus, WorkOrder
from services.aquasis.port import Aquasis
from services.clock import Clock
from services.errors import NotFound, Refused, ServiceError, UnknownOutcome
from services.service_requests.tables import ServiceRequestRow
from services.storage import Database

TRY_FROM = ("new", "refused")  # it surely was not taken
PATIENCE, LOOK = 8.0, 0.2  # seconds: a twin of this call may be waiting for the answer; Aquasis takes up to five


class RequestUnknown(UnknownOutcome):
    """It is not known whether the report was taken; a person must look, nobody repeats it."""

    response = "utter_request_unknown"


class RequestNotFound(NotFound):
    """No such folio among this contact's reports."""

    response = "utter_request_not_found"


@dataclass(frozen=True)
class Report:
    """What the citizen tells."""

    contact: str
    fault: str
    place: str
    urgent: bool = False
    contract: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    media: tuple[str, ...] = ()
    phone: str | None = None
    note: str = ""  # what the crew should know besides


class ServiceRequests:
    """Contract-bound faults become work orders in Aquasis, faults in the street tickets in AGORA."""

    patience = PATIENCE

    def __init__(self, db: Database, clock: Clock, aquasis: Aquasis, tickets: Tickets, orders: Path) -> None:
        self._db, self._clock, self._aquasis, self._tickets = db, clock, aquasis, tickets
        self._orders = yaml.safe_load(orders.read_text(encoding="utf-8"))

    async def create(self, report: Report, key: str) -> ServiceRequestRow:
        """The kept report with its folio; the same key gives the same report.

        Raises:
            RequestUnknown: it left and no answer came, now or the first time.
            ServiceError: it was not taken.
        """
        row = await self._keep(report, key)
        if not await self._begin(row.id):
            return await self._answered(row.id)
        try:
            folio = await (self._order(report) if report.contract else self._ticket(report))
        except UnknownOutcome as error:
            await self._settle(row.id, "unknown", None)
            raise RequestUnknown from error
        except ServiceError:
            await self._settle(row.id, "refused", None)
            raise
        await self._settle(row.id, "sent", folio)
        row.folio, row.status = folio, "sent"
        return row

    async def _keep(self, report: Report, key: str) -> ServiceRequestRow:
        zone = (await self._aquasis.contract(report.contract)).zone if report.contract else None
        row = ServiceRequestRow(
            key=key,
            contact_id=report.contact,
            contract=report.contract,
            zone=zone,
            fault=report.fault,
            place=report.place,
            latitude=report.latitude,
            longitude=report.longitude,
            media=list(report.media),
            urgent=report.urgent,
            status="new",
            system="aquasis" if report.contract else "agora",
            created_at=self._clock.now(),
        )
        try:
            async with self._db.begin() as session:
                session.add(row)
        except IntegrityError:
            async with self._db.read() as session:
                query = select(ServiceRequestRow).where(ServiceRequestRow.key == key)
                return (await session.scalars(query)).one()
        return row

    async def _begin(self, row_id: str) -> bool:
        """Note that it leaves now; only one call may, and only where an earlier one surely failed."""
        mine = ServiceRequestRow.id == row_id, ServiceRequestRow.status.in_(TRY_FROM)
        leaves = update(ServiceRequestRow).where(*mine).values(status="sending").returning(ServiceRequestRow.id)
        async with self._db.begin() as session:
            return (await session.execute(leaves)).first() is not None

    async def _answered(self, row_id: str) -> ServiceRequestRow:
        """What became of a report that has left already.

        Raises:
            RequestUnknown: no answer is known, nor will be.
        """
        end = asyncio.get_running_loop().time() + self.patience
        while True:
            async with self._db.read() as session:
                row = await session.get_one(ServiceRequestRow, row_id)
            if row.folio:
                return row
            if row.status != "sending" or asyncio.get_running_loop().time() > end:
                raise RequestUnknown
            await asyncio.sleep(LOOK)

    async def _settle(self, row_id: str, status: str, folio: str | None) -> None:
        async with self._db.begin() as session:
            await session.execute(
                update(ServiceRequestRow).where(ServiceRequestRow.id == row_id).values(status=status, folio=folio)
            )

    async def _order(self, report: Report) -> str:
        assert report.contract  # noqa: S101  # the caller chose by it
        point = await self._aquasis.service_point(report.contract)
        codes = self._orders["orders"][report.fault]
        return await self._aquasis.create_work_order(
            WorkOrder(
                contract=report.contract,
                service_point=point.id,
                order_type=codes["type"],
                order_reason=codes["reason"],
                notes=self._notes(report),
                created=self._clock.now(),
                latitude=report.latitude,
                longitude=report.longitude,
            )
        )

    async def _ticket(self, report: Report) -> str:
        priority = "urgent" if report.urgent else self._orders["priorities"].get(report.fault, "medium")
        return await self._tickets.create(
            Ticket(
                title=self._orders["titles"][report.fault],
                description=self._notes(report),
                priority=priority,
                service_type=report.fault,
                phone=report.phone,
                place=report.place,
                latitude=report.latitude,
                longitude=report.longitude,
                metadata={"media": list(report.media)},
            )
        )

    def _notes(self, report: Report) -> str:
        """What the crew reads; line breaks would break Aquasis' screens."""
        parts = (self._orders["titles"][report.fault], report.place, report.note)
        text = ". ".join(part for part in parts if part).replace("\n", " ")
        return text[: self._orders["longest_notes"]]

    async def add_media(self, contact: str, folio: str, media: str) -> None:
        """A photo that came after the folio."""
        row = await self.find(contact, folio)
        async with self._db.begin() as session:
            query = update(ServiceRequestRow).where(ServiceRequestRow.id == row.id)
            await session.execute(query.values(media=[*row.media, media]))

    async def of(self, contact: str, most: int = 5) -> list[ServiceRequestRow]:
        """A contact's reports that have a folio, newest first."""
        query = (
            select(ServiceRequestRow)
            .where(ServiceRequestRow.contact_id == contact, ServiceRequestRow.folio.is_not(None))
            .order_by(ServiceRequestRow.created_at.desc())
            .limit(most)
        )
        async with self._db.read() as session:
            return list((await session.scalars(query)).all())

    async def find(self, contact: str, folio: str) -> ServiceRequestRow:
        """One of the contact's own; somebody else's folio is not found.

        Raises:
            RequestNotFound: not among them.
        """
        query = select(ServiceRequestRow).where(
            ServiceRequestRow.contact_id == contact, ServiceRequestRow.folio == folio
        )
        async with self._db.read() as session:
            row = (await session.scalars(query)).first()
        if row is None:
            raise RequestNotFound
        return row

    async def status(self, row: ServiceRequestRow) -> OrderStatus:
        """Where it stands; AGORA's tickets cannot be read back, so only that it was taken is known."""
        if row.system == "aquasis" and row.folio and row.zone is not None:
            try:
                return await self._aquasis.order_status(row.folio, row.zone)
            except Refused:
                pass
        return OrderStatus(row.folio or "", "received", ((row.created_at, "received"),))
