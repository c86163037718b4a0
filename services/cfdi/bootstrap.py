"""Makes invoices possible from the settings. Heavy (satcfdi): only where documents are made is it imported."""

from __future__ import annotations

from decimal import Decimal

import httpx

from services.aquasis.port import Aquasis
from services.bootstrap import DATA
from services.cfdi.documents import Issuer
from services.cfdi.kept import fiscal_key
from services.cfdi.pac import SwSapien
from services.cfdi.service import Invoices
from services.clock import Clock
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.settings import Settings
from services.storage import Database


def build_invoices(
    settings: Settings, db: Database, http: httpx.AsyncClient, aquasis: Aquasis, clock: Clock | None = None
) -> Invoices:
    """With the PAC of the settings.

    Raises:
        ValueError: the issuer or the PAC is not set.
    """
    if not settings.invoices:
        raise ValueError("PAC_URL and CFDI_ISSUER_… are not set")
    clock, texts = clock or Clock(settings.timezone), Texts(DATA / "texts.yml")
    issuer = Issuer(
        settings.cfdi_issuer_rfc,
        settings.cfdi_issuer_name,
        settings.cfdi_issuer_regime,
        settings.cfdi_issuer_postcode,
        Decimal(settings.cfdi_vat),
    )
    pac = SwSapien(http, str(settings.pac_url), settings.pac_token.get_secret_value())
    return Invoices(db, clock, pac, aquasis, issuer, fiscal_key(settings), Formats(clock, texts), texts)
