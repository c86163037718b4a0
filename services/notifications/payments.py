"""Tells the citizen that the money arrived, in the same transaction that notes it."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from services.aquasis.port import Aquasis
from services.contacts.tables import ContactRow
from services.identity.masking import mask_contract
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.messaging.outbound import Text
from services.messaging.outbox import URGENT_NOTICE, Draft, Outbox
from services.payments.model import Kind, PaymentChange


class PaymentNotices:
    """Listens to the payments."""

    def __init__(self, outbox: Outbox, aquasis: Aquasis, formats: Formats, texts: Texts) -> None:
        self._outbox, self._aquasis, self._formats, self._texts = outbox, aquasis, formats, texts
        self._beside: set[asyncio.Task[None]] = set()

    async def on_change(self, session: AsyncSession, change: PaymentChange) -> None:
        """One notice a payment, whoever finds out first; the cached balance is dropped."""
        payment = change.payment
        if change.kind in (Kind.PAID, Kind.POSTED):
            self._forget_soon(payment.contract)
        if change.kind is not Kind.PAID:
            return
        contact = await session.get(ContactRow, payment.contact_id)
        if contact is None:
            return
        amount = self._formats.money(Decimal(payment.received_centavos or payment.amount_centavos) / 100)
        body = self._texts.get(
            "payment_received", contact.register, amount=amount, ending=mask_contract(payment.contract)
        )
        draft = Draft(key=f"payment-received:{payment.id}", message=Text(body=body), priority=URGENT_NOTICE)
        await self._outbox.write(session, contact.id, contact.channel, [draft])

    def _forget_soon(self, contract: str) -> None:
        """Beside the transaction: nothing else may be awaited while it holds the database."""
        task = asyncio.create_task(self._aquasis.forget(contract))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
