"""Tells the citizen of money that does not fit, and has the next question about the balance asked afresh."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from services.aquasis.port import Aquasis
from services.clock import Clock
from services.contacts.tables import ContactRow
from services.identity.masking import mask_contract
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.messaging.outbound import Buttons, Option, Outbound, Template
from services.messaging.outbox import URGENT_NOTICE, Draft, Outbox
from services.messaging.window import is_open
from services.payments.model import Kind, PaymentChange

PERSON = '/handoff_request{"about": "payment"}'
ARRIVED = frozenset({"late", "partial", "overpaid", "amount", "paid_twice", "other_order"})


class PaymentNotices:
    """Listens to the payments. What arrived as it should is told with its receipt (`services.receipts`)."""

    def __init__(self, outbox: Outbox, aquasis: Aquasis, clock: Clock, formats: Formats, texts: Texts) -> None:
        self._outbox, self._aquasis, self._clock = outbox, aquasis, clock
        self._formats, self._texts = formats, texts
        self._beside: set[asyncio.Task[None]] = set()

    async def on_change(self, session: AsyncSession, change: PaymentChange) -> None:
        """The cached balance is dropped; money that does not fit is told in the same transaction that notes it."""
        if change.kind in (Kind.PAID, Kind.POSTED):
            self._forget_soon(change.payment.contract)
        if change.kind is Kind.REVIEW and change.reason in ARRIVED:
            await self._tell_review(session, change)

    async def _tell_review(self, session: AsyncSession, change: PaymentChange) -> None:
        payment = change.payment
        contact = await session.get(ContactRow, payment.contact_id)
        if contact is None:
            return
        pesos, ending = Decimal(payment.counted_centavos) / 100, mask_contract(payment.contract)
        message: Outbound
        if await is_open(session, contact, self._clock.now()):
            key = "payment_review_twice" if change.reason == "paid_twice" else "payment_review"
            body = self._texts.get(key, contact.register, amount=self._formats.money(pesos), ending=ending)
            person = Option(id=PERSON, title=self._texts.get("talk_to_somebody"))
            message = Buttons(body=body, options=(person,))
        else:
            message = Template(name="payment_review", parameters=(f"{pesos:,.2f}", ending), button_payloads=(PERSON,))
        draft = Draft(key=f"payment-review:{payment.id}:{change.reason}", message=message, priority=URGENT_NOTICE)
        await self._outbox.write(session, contact.id, contact.channel, [draft])

    def _forget_soon(self, contract: str) -> None:
        """Beside the transaction: nothing else may be awaited while it holds the database."""
        task = asyncio.create_task(self._aquasis.forget(contract))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
