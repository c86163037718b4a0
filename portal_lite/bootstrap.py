"""Puts the portal together from the settings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from redis.asyncio import Redis

from portal_lite.autopay import AutopayPages
from portal_lite.card import CardPages
from portal_lite.gate import Gate
from portal_lite.invoice import InvoicePages
from portal_lite.payments import PaymentPages
from portal_lite.shell import Shell
from services.autopay.service import Autopay
from services.bootstrap import DATA
from services.cfdi.requests import InvoiceRequests
from services.clock import Clock
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.limits.windows import Windows
from services.links.card import build_links
from services.links.pages import AutopayLinks, InvoiceLinks, PaymentLinks
from services.payments.service import Payments
from services.settings import Settings


def build_portal(
    settings: Settings,
    clock: Clock,
    redis: Redis,
    payments: Payments,
    autopay: Autopay,
    invoices: InvoiceRequests,
    ring: Callable[[], Awaitable[None]],
) -> APIRouter:
    """All pages and their files."""
    shell = Shell(settings, Texts(DATA / "portal_texts.yml"))
    gate = Gate(Windows(redis, settings.code_pepper.get_secret_value()), settings)
    formats = Formats(clock, Texts(DATA / "texts.yml"))
    origins = frozenset(settings.conekta_checkout_origins.split())
    pay = build_links(settings, clock)
    pages = CardPages(shell, pay, payments.cards, gate, formats, origins)
    router = APIRouter()
    router.include_router(shell.assets.router())
    router.include_router(pages.router)
    links = AutopayLinks.build(settings, clock)
    router.include_router(
        PaymentPages(shell, PaymentLinks.build(settings, clock), links, pay, payments, formats, clock).router
    )
    router.include_router(AutopayPages(shell, links, autopay, gate, formats, settings, ring).router)
    if settings.invoices:
        router.include_router(InvoicePages(shell, InvoiceLinks.build(settings, clock), invoices, gate, formats).router)
    return router
