"""Has what was asked for stamped, and sends it: to the chat at once, by e-mail where Aquasis has an address on file.

A document is called an invoice only once the PAC has stamped it; until then nothing is said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Protocol

import structlog
from sqlalchemy import ColumnElement, and_, select, update

from services.aquasis.port import Aquasis
from services.cfdi import requests
from services.cfdi.errors import InvoicedOtherwise, PacRefused
from services.cfdi.fiscal import FiscalData
from services.cfdi.requests import InvoiceRequests
from services.cfdi.sending import InvoiceSending, Paper
from services.cfdi.tables import InvoiceRequestRow
from services.clock import Clock
from services.errors import ServiceError
from services.metrics import INVOICES
from services.payments import rows
from services.payments.model import PaymentOrder
from services.payments.tables import PaymentRow
from services.rounds import each
from services.storage import Database

log = structlog.get_logger(__name__)
BATCH, MOST_MAILS = 20, 6
LEASE, FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=3), timedelta(seconds=15), timedelta(minutes=30)
PATIENCE = timedelta(hours=20)  # within the 24 hours in which WhatsApp lets us say that it could not be done
NOT_MADE = {requests.OTHERWISE: "invoice_otherwise", requests.FAILED: "invoice_failed"}
NOT_MAILED = ("due", "sending")


class Maker(Protocol):
    """What makes the documents: `services.cfdi.making`."""

    async def make(self, payment: PaymentOrder, data: FiscalData) -> list[Paper]:
        """Stamped and printed, the same ones when asked again. Raises as `Invoices.invoice`."""

    async def made(self, payment: PaymentOrder) -> list[Paper]:
        """What has been stamped already."""


class Mailer(Protocol):
    """Sends a mail with one attachment."""

    async def send(self, address: str, subject: str, text: str, attachment: tuple[str, str, bytes] | None) -> str:
        """Raises `DeliveryFailed`."""


class InvoiceDelivery:
    """The worker's part. Any number of workers: a request is claimed before it is worked on."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        asked: InvoiceRequests,
        maker: Callable[[], Maker],
        sending: InvoiceSending,
        aquasis: Aquasis,
        mailer: Mailer,
    ) -> None:
        self._db, self._clock, self._asked = db, clock, asked
        self._maker, self._sending = maker, sending
        self._aquasis, self._mailer = aquasis, mailer

    async def make_due(self) -> int:
        """Every second: how many were worked on."""
        return await self._round(InvoiceRequestRow.state.in_(requests.UNDERWAY), self._work)

    async def mail_due(self) -> int:
        """Every few seconds: how many mails were tried."""
        done = InvoiceRequestRow.state == requests.DONE
        return await self._round(and_(done, InvoiceRequestRow.email.in_(NOT_MAILED)), self._mail)

    async def drop_typed(self) -> None:
        """See `InvoiceRequests.drop_typed`."""
        await self._asked.drop_typed()

    async def _round(
        self,
        which: ColumnElement[bool],
        work: Callable[[InvoiceRequestRow, PaymentOrder], Awaitable[None]],
    ) -> int:
        now = self._clock.now()
        due = which, InvoiceRequestRow.not_before <= now
        async with self._db.read() as session:
            ids = list(await session.scalars(select(InvoiceRequestRow.id).where(*due).limit(BATCH)))

        async def one(request_id: str) -> None:
            mine = update(InvoiceRequestRow).where(InvoiceRequestRow.id == request_id, *due)
            async with self._db.begin() as session:
                taken = await session.execute(mine.values(not_before=now + LEASE).returning(InvoiceRequestRow.id))
                if taken.first() is None:
                    return
                row = await session.get_one(InvoiceRequestRow, request_id, populate_existing=True)
                payment = rows.payment_order(await session.get_one(PaymentRow, row.payment_id))
            await work(row, payment)

        await each("invoices", ids, one)
        return len(ids)

    async def _work(self, row: InvoiceRequestRow, payment: PaymentOrder) -> None:
        try:
            papers = await self._papers(row, payment)
        except PacRefused as refusal:
            await self._close(row, requests.REFUSED, refusal.code)
        except InvoicedOtherwise:
            await self._close(row, requests.OTHERWISE)
        except Exception as error:  # a system is down; or a fault of ours, which must not be tried for ever either
            await self._later(row, error)
        else:
            await self._done(row, papers)

    async def _papers(self, row: InvoiceRequestRow, payment: PaymentOrder) -> list[Paper]:
        maker = self._maker()
        if row.state == requests.AGAIN or row.sealed is None:
            return await maker.made(payment)
        return await maker.make(payment, self._asked.drawer.open(row.sealed))

    async def _done(self, row: InvoiceRequestRow, papers: Sequence[Paper]) -> None:
        """The messages and the end of the request in one transaction: they are sent once."""
        async with self._db.begin() as session:
            fresh = await session.get_one(InvoiceRequestRow, row.id, with_for_update=True)
            if fresh.state != row.state:
                return
            if fresh.state == requests.DUE:
                fresh.email = "due"
            sent = await self._sending.papers(session, fresh, papers)
            fresh.state, fresh.sealed, fresh.attempts = requests.DONE, None, 0
            fresh.copies, fresh.not_before = fresh.copies + 1, self._clock.now()
        INVOICES.labels("made" if row.state == requests.DUE else "again").inc()
        log.info("invoice_done", payment=row.payment_id, documents=len(papers), in_chat=sent)

    async def _close(self, row: InvoiceRequestRow, state: str, code: str | None = None) -> None:
        """It was not made. What was typed stays while it can be corrected."""
        async with self._db.begin() as session:
            fresh = await session.get_one(InvoiceRequestRow, row.id, with_for_update=True)
            if fresh.state != row.state:
                return
            fresh.state, fresh.reason = state, code
            if state == requests.REFUSED:
                await self._sending.refused(session, fresh)
            else:
                fresh.sealed = None
                await self._sending.not_made(session, fresh, NOT_MADE[state])
        INVOICES.labels(state).inc()
        log.warning("invoice_not_made", payment=row.payment_id, state=state, code=code)

    async def _later(self, row: InvoiceRequestRow, error: Exception) -> None:
        """Nothing is stamped twice, so it is tried again. After a day somebody else has to help."""
        now, ours = self._clock.now(), not isinstance(error, ServiceError)
        record = log.error if ours else log.warning
        record("invoice_waits", payment=row.payment_id, error=type(error).__name__, exc_info=ours)
        if row.submitted_at is not None and now - row.submitted_at >= PATIENCE:
            await self._close(row, requests.FAILED)
            return
        async with self._db.begin() as session:
            fresh = await session.get_one(InvoiceRequestRow, row.id, with_for_update=True)
            fresh.attempts += 1
            fresh.not_before = now + min(FIRST_WAIT * 2 ** min(fresh.attempts - 1, 10), LONGEST_WAIT)

    async def _mail(self, row: InvoiceRequestRow, payment: PaymentOrder) -> None:
        """The address is only asked for, never kept. A second mail does no harm, a missing one does."""
        state = "sent"
        try:
            if address := (await self._aquasis.contract(payment.contract)).email:
                papers = await self._maker().made(payment)
                subject, text, file = await asyncio.to_thread(self._sending.mail, payment, papers)
                await self._mailer.send(address, subject, text, file)
            else:
                state = "none"
        except ServiceError as error:
            log.warning("invoice_not_mailed", payment=payment.id, error=type(error).__name__)
            state = "due"
        async with self._db.begin() as session:
            fresh = await session.get_one(InvoiceRequestRow, row.id, with_for_update=True)
            fresh.attempts += 1
            fresh.email = "failed" if state == "due" and fresh.attempts >= MOST_MAILS else state
            fresh.not_before = self._clock.now() + FIRST_WAIT * 2**fresh.attempts
