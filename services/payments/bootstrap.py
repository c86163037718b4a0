"""Puts the payment service together from the settings."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx

from services.clock import Clock
from services.links.card import build_links
from services.payments.cards import Cards
from services.payments.conekta.client import ConektaClient
from services.payments.gateway import Gateway
from services.payments.keys import KeyRing
from services.payments.orders import Orders, Payer
from services.payments.posting import Ledger, Posting
from services.payments.reconciliation import Reconciliation
from services.payments.references import References
from services.payments.rules import Limits
from services.payments.saved import SavedCharges
from services.payments.service import Payments
from services.payments.settlement import Settlement
from services.payments.webhooks import Webhooks
from services.settings import Settings
from services.storage import Database

__all__ = ["Payments", "build_payments"]

TITLE = "Servicio de agua, contrato"  # what the payer's bank statement and the till show


def build_payments(settings: Settings, db: Database, clock: Clock, ledger: Ledger, http: httpx.AsyncClient) -> Payments:
    """With Conekta behind it. `ledger` is only used if `payments_post_to_aquasis` is on."""
    key = settings.conekta_private_key.get_secret_value()
    return assemble(settings, db, clock, ledger, ConektaClient(http, settings.conekta_url, key))


def assemble(
    settings: Settings,
    db: Database,
    clock: Clock,
    ledger: Ledger,
    gateway: Gateway,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Payments:
    """With any gateway; tests give a fake one, and no patience."""
    limits = Limits(
        least=settings.payment_min_centavos,
        most_cash=settings.payment_max_cash_centavos,
        most_spei=settings.payment_max_spei_centavos,
        most_card=settings.payment_max_card_centavos,
        days=settings.payment_reference_days,
        card_hours=settings.payment_link_hours,
        an_hour=settings.payments_per_hour,
        a_day=settings.payments_per_day,
        a_contract=settings.payments_per_contract,
    )
    payer = Payer(TITLE, settings.sendgrid_from, settings.twilio_from, build_links(settings, clock).card_result)
    settlement = Settlement(db, clock)
    keys = KeyRing(gateway, clock, settings.conekta_webhook_public_key)
    webhooks = Webhooks(db, clock, gateway, keys, settlement)
    orders = Orders(gateway, payer, sleep)
    references = References(db, clock, orders, settlement, limits)
    return Payments(
        db=db,
        clock=clock,
        references=references,
        charges=SavedCharges(db, clock, orders, references, settlement),
        settlement=settlement,
        webhooks=webhooks,
        posting=Posting(db, clock, ledger, settlement) if settings.payments_post_to_aquasis else None,
        reconciliation=Reconciliation(db, clock, gateway, settlement, references),
        cards=Cards(db, clock, gateway, webhooks),
    )
