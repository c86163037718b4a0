"""The one place that sees every adapter: builds all services from the settings."""

from __future__ import annotations

import base64
import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
from redis.asyncio import Redis

from services.agora.hours import DeskHours
from services.agora.tickets import AgoraTickets, Tickets
from services.analytics.events import Analytics
from services.aquasis.cache import Cache
from services.aquasis.client import AquasisClient
from services.aquasis.port import Aquasis
from services.aquasis.soap import SoapClient
from services.autopay.bootstrap import build_autopay, build_vault
from services.autopay.service import Autopay
from services.autopay.words import Words
from services.billing.service import Billing
from services.cfdi.kept import FiscalDrawer, fiscal_key
from services.cfdi.requests import InvoiceRequests
from services.clock import Clock
from services.contacts.naming import Naming
from services.contacts.service import Contacts
from services.experiments.service import Experiments
from services.handoff.aftercare import Aftercare
from services.handoff.care import Waiting
from services.handoff.episodes import Handoffs
from services.handoff.gather import Gatherer
from services.handoff.rules import Rules
from services.handoff.tickets import LeftTickets
from services.identity.policy import Policy
from services.identity.service import Identity
from services.knowledge.faq import Faq
from services.knowledge.formats import Formats
from services.knowledge.places import Places
from services.knowledge.tariffs import Tariffs
from services.knowledge.texts import Texts
from services.links.card import CardLinks, build_links
from services.links.pages import AutopayLinks, InvoiceLinks, PaymentLinks
from services.messaging.bell import Bell
from services.messaging.media import MediaStore
from services.messaging.outbox import Outbox
from services.notifications.codes import VendorCodeSender
from services.notifications.payments import PaymentNotices
from services.notifications.port import CodeSender
from services.notifications.sendgrid import SendGrid
from services.notifications.twilio import Twilio
from services.outages.service import Outages
from services.payments.bootstrap import Payments, build_payments
from services.payments.kept import KeptRequests
from services.receipts.due import ReceiptsDue
from services.receipts.page import Paper
from services.receipts.voucher import Vouchers
from services.redis import connect
from services.service_requests.service import ServiceRequests
from services.settings import Settings
from services.storage import Database

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
KNOWLEDGE = DATA / "knowledge"


@dataclass
class Services:
    """Everything María can do, ready to use."""

    settings: Settings
    clock: Clock
    db: Database
    redis: Redis
    http: httpx.AsyncClient
    texts: Texts
    formats: Formats
    faq: Faq
    places: Places
    tariffs: Tariffs
    contacts: Contacts
    naming: Naming
    experiments: Experiments
    media: MediaStore
    aquasis: Aquasis
    identity: Identity
    billing: Billing
    payments: Payments
    autopay: Autopay
    links: CardLinks
    autopay_links: AutopayLinks
    payment_links: PaymentLinks
    invoices: InvoiceRequests
    invoice_links: InvoiceLinks
    kept: KeptRequests
    vouchers: Vouchers
    paper: Paper
    outages: Outages
    tickets: LeftTickets
    requests: ServiceRequests
    analytics: Analytics
    handoffs: Handoffs
    gatherer: Gatherer
    aftercare: Aftercare
    hours: DeskHours

    async def close(self) -> None:
        """Give all connections back."""
        await self.http.aclose()
        if isinstance(self.aquasis, AquasisClient):
            await self.aquasis.close()
        await self.db.close()
        with suppress(Exception):  # a Redis that is already gone must not hide why we stop
            await self.redis.aclose()


def cache_key(pepper: str) -> bytes:
    """The key that seals what is cached of a contract, derived from the installation's secret."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"aquasis-cache:" + pepper.encode()).digest())


def build_aquasis(settings: Settings, redis: Redis, *, load: bool = True) -> AquasisClient:
    """The billing system's client; with `load` its five WSDL files are read now, else when first needed."""
    soap = SoapClient(
        settings.aquasis_url,
        settings.aquasis_user,
        settings.aquasis_password.get_secret_value(),
        timeout_seconds=settings.aquasis_timeout_seconds,
        proxy=settings.aquasis_proxy_url,
    )
    if load:
        soap.load()
    return AquasisClient(soap, Cache(redis, cache_key(settings.code_pepper.get_secret_value())))


def build_services(
    settings: Settings,
    *,
    aquasis: Aquasis | None = None,
    tickets: Tickets | None = None,
    code_sender: CodeSender | None = None,
    clock: Clock | None = None,
    redis: Redis | None = None,
    http: httpx.AsyncClient | None = None,
) -> Services:
    """All services; tests put their fakes in the place of the adapters."""
    clock = clock or Clock(settings.timezone)
    db, redis = Database(settings.database_url), redis or connect(settings.redis_url)
    http = http or httpx.AsyncClient(timeout=httpx.Timeout(10, connect=3))
    texts = Texts(DATA / "texts.yml")
    formats = Formats(clock, texts)
    aquasis = aquasis or build_aquasis(settings, redis)
    pepper = settings.code_pepper.get_secret_value()
    tickets = tickets or AgoraTickets(
        http, settings.agora_url, settings.agora_account_id, settings.agora_tickets_token.get_secret_value()
    )
    prices = "tariffs.sandbox.yml" if settings.profile == "sandbox" else "tariffs.yml"
    policy = Policy.read(KNOWLEDGE / "verification.yml")
    sender = code_sender or _vendors(settings, http, texts)
    contacts, analytics = Contacts(db, clock), Analytics(db, clock, pepper)
    identity = Identity(db, clock, policy, aquasis, sender, pepper)
    rules, waiting = Rules.read(KNOWLEDGE / "handoff.yml"), Waiting.read(KNOWLEDGE / "waiting.yml")
    payments = build_payments(settings, db, clock, aquasis, http)
    # a citizen's question may be what finds a payment out: it is told and receipted as if a webhook had come
    payments.on_change(PaymentNotices(Outbox(db, Bell(redis)), aquasis, clock, formats, texts).on_change)
    payments.on_change(ReceiptsDue(clock).on_change)
    words = Words(Outbox(db, Bell(redis)), clock, formats, texts)
    autopay = build_autopay(settings, db, clock, aquasis, payments, build_vault(settings, http), words)
    return Services(
        settings=settings,
        clock=clock,
        db=db,
        redis=redis,
        http=http,
        texts=texts,
        formats=formats,
        faq=Faq(KNOWLEDGE / "faq.yml"),
        places=Places(KNOWLEDGE / "offices.yml", KNOWLEDGE / "zones.yml"),
        tariffs=Tariffs(KNOWLEDGE / prices),
        contacts=contacts,
        naming=Naming.read(KNOWLEDGE / "contracts.yml"),
        experiments=Experiments.read(KNOWLEDGE / "experiments.yml", settings.experiments),
        media=MediaStore(db, clock),
        aquasis=aquasis,
        identity=identity,
        billing=Billing(aquasis, clock),
        payments=payments,
        autopay=autopay,
        links=build_links(settings, clock),
        autopay_links=AutopayLinks.build(settings, clock),
        payment_links=PaymentLinks.build(settings, clock),
        invoices=InvoiceRequests(db, clock, FiscalDrawer(db, clock, fiscal_key(settings))),
        invoice_links=InvoiceLinks.build(settings, clock),
        kept=KeptRequests(db, clock),
        vouchers=Vouchers(clock, formats, texts),
        paper=Paper(clock, formats, texts, invoices=settings.invoices),
        outages=Outages(http, redis, clock, settings.outages_url),
        tickets=LeftTickets(db, clock, tickets),
        requests=ServiceRequests(db, clock, aquasis, tickets, KNOWLEDGE / "work_orders.yml"),
        analytics=analytics,
        handoffs=Handoffs(db, clock, Bell(redis), rules),
        gatherer=Gatherer(db, clock, contacts, identity, analytics, rules, formats, texts),
        aftercare=Aftercare(db, clock, Bell(redis), waiting, Clock()),
        hours=DeskHours(http, redis, clock, waiting.hours, settings.agora_url, settings.agora_inbox_identifier),
    )


def _vendors(settings: Settings, http: httpx.AsyncClient, texts: Texts) -> CodeSender:
    twilio = Twilio(
        http,
        settings.twilio_url,
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        settings.twilio_from,
    )
    key = settings.sendgrid_api_key.get_secret_value()
    return VendorCodeSender(twilio, SendGrid(http, settings.sendgrid_url, key, settings.sendgrid_from), texts)
