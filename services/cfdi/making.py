"""Stamped documents with their printed form. Heavy (satcfdi, reportlab): imported where documents are made."""

from __future__ import annotations

import asyncio

from services.cfdi import printed
from services.cfdi.fiscal import FiscalData
from services.cfdi.sending import Paper
from services.cfdi.service import Document, Invoices
from services.knowledge.texts import Texts
from services.payments.model import PaymentOrder


class InvoiceMaker:
    """Implements `services.cfdi.delivery.Maker`."""

    def __init__(self, invoices: Invoices, texts: Texts) -> None:
        self._invoices, self._texts = invoices, texts

    async def make(self, payment: PaymentOrder, data: FiscalData) -> list[Paper]:
        """See `Invoices.invoice`."""
        return await self._printed(await self._invoices.invoice(payment, data))

    async def made(self, payment: PaymentOrder) -> list[Paper]:
        """What has been stamped for a payment."""
        return await self._printed(await self._invoices.stamped(payment))

    async def _printed(self, documents: list[Document]) -> list[Paper]:
        return await asyncio.to_thread(self._print, documents)

    def _print(self, documents: list[Document]) -> list[Paper]:
        return [Paper(d.kind, d.uuid, d.xml, printed.render(d.xml, self._texts)) for d in documents]
