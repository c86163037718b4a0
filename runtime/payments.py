"""Payments as the edge and the worker use them: with the billing system's ledger behind and the chat in front."""

from __future__ import annotations

import asyncio
import time

import structlog

from runtime.wiring import Parts
from services.bootstrap import DATA, build_aquasis
from services.errors import ServiceError
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.messaging.bell import Bell
from services.notifications.payments import PaymentNotices
from services.payments.bootstrap import build_payments as assemble
from services.payments.report import write_yesterdays
from services.payments.service import Payments

log = structlog.get_logger(__name__)
EVENTS_EVERY, SWEEP_EVERY, REPORT_EVERY = 1.0, 60.0, 900.0  # seconds


def build_payments(parts: Parts, *, posts: bool = False) -> Payments:
    """The service; with `posts` it also tells citizens and the ledger (the worker does, the edge only keeps)."""
    aquasis = build_aquasis(parts.settings, parts.redis, load=posts)
    payments = assemble(parts.settings, parts.database, parts.clock, aquasis, parts.http)
    if posts:
        texts = Texts(DATA / "texts.yml")
        notices = PaymentNotices(parts.outbox, aquasis, Formats(parts.clock, texts), texts)
        payments.on_change(notices.on_change)
    return payments


async def follow_payments(payments: Payments, bell: Bell) -> None:
    """Work on accepted webhooks every second, sweep every minute, for ever."""
    swept = 0.0
    while True:
        try:
            if time.monotonic() - swept >= SWEEP_EVERY:
                swept = time.monotonic()
                await payments.sweep()
            elif await payments.process_waiting():
                await bell.ring("outbox")
        except ServiceError as error:
            log.warning("payments_wait", error=type(error).__name__)
        await asyncio.sleep(EVENTS_EVERY)


async def report_payments(parts: Parts) -> None:
    """Soon after midnight, the report of the day before; whichever worker is first."""
    while True:
        report = await write_yesterdays(parts.database, parts.clock, parts.settings.reports_dir)
        if report is not None:
            log.info("payments_reported", day=str(report.day), **report.totals)
        await asyncio.sleep(REPORT_EVERY)
