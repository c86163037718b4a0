"""Puts auto-pay together from the settings."""

from __future__ import annotations

import httpx

from services.aquasis.port import Aquasis
from services.autopay.calendar import Hours
from services.autopay.charging import Charging
from services.autopay.outcomes import Outcomes
from services.autopay.plans import Plans
from services.autopay.service import Autopay
from services.autopay.telling import Telling
from services.autopay.vault import Vault
from services.autopay.wallet import Wallet
from services.autopay.words import Words
from services.clock import Clock
from services.payments.bootstrap import TITLE
from services.payments.conekta.client import ConektaClient
from services.payments.conekta.vault import ConektaVault
from services.payments.service import Payments
from services.settings import Settings
from services.storage import Database


def build_vault(settings: Settings, http: httpx.AsyncClient) -> Vault:
    """Conekta's."""
    client = ConektaClient(http, settings.conekta_url, settings.conekta_private_key.get_secret_value())
    return ConektaVault(client, TITLE, settings.sendgrid_from, settings.twilio_from)


def build_autopay(
    settings: Settings, db: Database, clock: Clock, aquasis: Aquasis, payments: Payments, vault: Vault, words: Words
) -> Autopay:
    """The service, listening to `payments`."""
    payments.on_change(Outcomes(clock, words).on_change)
    return Autopay(
        plans=Plans(db, clock, words),
        wallet=Wallet(db, clock, vault),
        telling=Telling(db, clock, aquasis, words, Hours.read(settings.autopay_hours)),
        charging=Charging(db, clock, aquasis, payments, words),
        words=words,
    )
