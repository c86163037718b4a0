"""Payments as the edge and the worker use them: with the billing system's ledger behind and the chat in front."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache

import structlog

from runtime.wiring import Parts
from services.aquasis.port import Aquasis
from services.autopay.bootstrap import build_autopay, build_vault
from services.autopay.service import Autopay
from services.autopay.words import Words
from services.bootstrap import DATA, build_aquasis
from services.cfdi.delivery import InvoiceDelivery, Maker
from services.cfdi.kept import FiscalDrawer, fiscal_key
from services.cfdi.requests import InvoiceRequests
from services.cfdi.sending import InvoiceSending
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.links.card import build_links
from services.links.pages import InvoiceLinks
from services.notifications.kept import KeptReferences
from services.notifications.payments import PaymentNotices
from services.notifications.sendgrid import SendGrid
from services.notifications.spare import SpareReferences
from services.payments.bootstrap import build_payments as assemble
from services.payments.report import write_yesterdays
from services.payments.service import Payments
from services.receipts.due import ReceiptsDue
from services.receipts.service import Receipts

log = structlog.get_logger(__name__)
EVENTS_EVERY, RECEIPTS_EVERY, MAIL_EVERY = 1.0, 0.5, 5.0  # seconds
KEPT_EVERY, SWEEP_EVERY, REPORT_EVERY = 10.0, 60.0, 900.0
LOOK_EVERY, CHARGE_EVERY, TIDY_EVERY = 5.0, 5.0, 60.0


@dataclass
class Money:
    """What the worker does about payments."""

    parts: Parts
    payments: Payments
    receipts: Receipts
    invoices: InvoiceDelivery
    kept: KeptReferences
    spare: SpareReferences
    autopay: Autopay

    @classmethod
    def build(cls, parts: Parts) -> Money:
        """The service with everybody who listens to it."""
        settings, clock = parts.settings, parts.clock
        aquasis = build_aquasis(settings, parts.redis)
        payments = assemble(settings, parts.database, clock, aquasis, parts.http)
        texts = Texts(DATA / "texts.yml")
        formats = Formats(clock, texts)
        mailer = SendGrid(
            parts.http, settings.sendgrid_url, settings.sendgrid_api_key.get_secret_value(), settings.sendgrid_from
        )
        receipts = Receipts(
            parts.database, clock, parts.outbox, aquasis, mailer, formats, texts, invoices=settings.invoices
        )
        invoices = _deliver_invoices(parts, aquasis, mailer, formats, texts)
        payments.on_change(PaymentNotices(parts.outbox, aquasis, clock, formats, texts).on_change)
        payments.on_change(ReceiptsDue(clock).on_change)
        links = build_links(settings, clock)
        kept = KeptReferences(parts.database, clock, parts.outbox, payments, aquasis, links, formats, texts)
        spare = SpareReferences(parts.database, clock, parts.outbox, payments, aquasis, formats, texts)
        words = Words(parts.outbox, clock, formats, texts)
        vault = build_vault(settings, parts.http)
        autopay = build_autopay(settings, parts.database, clock, aquasis, payments, vault, words)
        return cls(parts, payments, receipts, invoices, kept, spare, autopay)

    async def run(self) -> None:
        """All of it, for ever. Receipts do not wait for the ledger: the citizen hears within a second or two."""
        async with asyncio.TaskGroup() as group:
            for name, step, seconds in (
                ("webhooks", self.payments.process_waiting, EVENTS_EVERY),
                ("ledger", self.payments.post_due, EVENTS_EVERY),
                ("sweep", self.payments.sweep, SWEEP_EVERY),
                ("receipts", self.receipts.send_due, RECEIPTS_EVERY),
                ("mail", self.receipts.mail_due, MAIL_EVERY),
                ("invoices", self.invoices.make_due, EVENTS_EVERY),
                ("invoice mail", self.invoices.mail_due, MAIL_EVERY),
                ("invoice data", self.invoices.drop_typed, TIDY_EVERY),
                ("kept", self.kept.finish_due, KEPT_EVERY),
                ("spare", self.spare.withdraw_due, KEPT_EVERY),
                ("report", self._report, REPORT_EVERY),
                ("autopay notices", self.autopay.look, LOOK_EVERY),
                ("autopay charges", self.autopay.charge_due, CHARGE_EVERY),
                ("autopay cards", self.autopay.tidy, TIDY_EVERY),
            ):
                group.create_task(self._again_and_again(name, step, seconds))

    async def _again_and_again(self, name: str, step: Callable[[], Awaitable[object]], seconds: float) -> None:
        """Whatever goes wrong in one round, the next one comes: what is due stays in the tables."""
        while True:
            try:
                if await step():
                    await self.parts.bell.ring("outbox")
            except Exception as error:
                log.error("payments_round_failed", job=name, error=type(error).__name__, exc_info=True)
            await asyncio.sleep(seconds)

    async def _report(self) -> None:
        """Soon after midnight, of the day before; whichever worker is first."""
        report = await write_yesterdays(self.parts.database, self.parts.clock, self.parts.settings.reports_dir)
        if report is not None:
            log.info("payments_reported", day=str(report.day), **report.totals)


def build_requests(parts: Parts) -> InvoiceRequests:
    """Who wants an invoice: for the edge and the worker."""
    drawer = FiscalDrawer(parts.database, parts.clock, fiscal_key(parts.settings))
    return InvoiceRequests(parts.database, parts.clock, drawer)


def _deliver_invoices(
    parts: Parts, aquasis: Aquasis, mailer: SendGrid, formats: Formats, texts: Texts
) -> InvoiceDelivery:
    sending = InvoiceSending(parts.outbox, parts.clock, InvoiceLinks.build(parts.settings, parts.clock), formats, texts)

    @cache
    def maker() -> Maker:
        """Imported when the first one is made: what writes and prints CFDI takes some 80 MB."""
        from services.cfdi.bootstrap import build_invoices
        from services.cfdi.making import InvoiceMaker

        made = build_invoices(parts.settings, parts.database, parts.http, aquasis, parts.clock)
        return InvoiceMaker(made, texts)

    return InvoiceDelivery(parts.database, parts.clock, build_requests(parts), maker, sending, aquasis, mailer)


def build_edge_autopay(parts: Parts, payments: Payments) -> Autopay:
    """For the edge, where cards are saved and auto-pay is ended."""
    aquasis = build_aquasis(parts.settings, parts.redis, load=False)
    texts = Texts(DATA / "texts.yml")
    words = Words(parts.outbox, parts.clock, Formats(parts.clock, texts), texts)
    vault = build_vault(parts.settings, parts.http)
    return build_autopay(parts.settings, parts.database, parts.clock, aquasis, payments, vault, words)


def build_payments(parts: Parts) -> Payments:
    """For the edge, which only keeps webhooks and asks."""
    aquasis = build_aquasis(parts.settings, parts.redis, load=False)
    return assemble(parts.settings, parts.database, parts.clock, aquasis, parts.http)
