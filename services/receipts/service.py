"""Sends each receipt to the chat at once, and by e-mail where Aquasis has an address on file."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Protocol

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.aquasis.port import Aquasis
from services.clock import Clock
from services.contacts.tables import ContactRow
from services.errors import ServiceError
from services.identity.masking import mask_contract
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.messaging.media import media_row
from services.messaging.outbound import Buttons, Option, Outbound, Template
from services.messaging.outbox import URGENT_NOTICE, Draft, Outbox
from services.messaging.window import is_open
from services.payments import rows
from services.payments.model import PaymentOrder
from services.payments.tables import PaymentRow
from services.receipts.page import Paper
from services.receipts.tables import ReceiptRow
from services.rounds import each
from services.storage import Database

log = structlog.get_logger(__name__)
PDF = "application/pdf"
BATCH, MOST_TRIES = 20, 6
FIRST_WAIT, LEASE = timedelta(minutes=1), timedelta(minutes=5)


class Mailer(Protocol):
    """Sends a mail with one attachment."""

    async def send(self, address: str, subject: str, text: str, attachment: tuple[str, str, bytes] | None) -> str:
        """Raises `DeliveryFailed`."""


class Receipts:
    """The worker's part: delivers what `ReceiptsDue` noted."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        outbox: Outbox,
        aquasis: Aquasis,
        mailer: Mailer,
        formats: Formats,
        texts: Texts,
        *,
        invoices: bool = False,
    ) -> None:
        self._db, self._clock, self._outbox = db, clock, outbox
        self._aquasis, self._mailer = aquasis, mailer
        self._formats, self._texts = formats, texts
        self._paper, self._invoices = Paper(clock, formats, texts, invoices=invoices), invoices

    async def send_due(self) -> int:
        """To the chats; how many went out. Two workers at once write one message: the outbox key is the payment's."""
        query = select(PaymentRow).join(ReceiptRow).where(ReceiptRow.chat == "due")
        async with self._db.read() as session:
            due = [rows.payment_order(row) for row in await session.scalars(query.limit(BATCH))]
        await each("receipts", due, self._send)
        return len(due)

    async def _send(self, payment: PaymentOrder) -> None:
        pdf = await asyncio.to_thread(self._paper.pdf, payment)
        async with self._db.begin() as session:
            sent = await self._write(session, payment, pdf)
            done = update(ReceiptRow).where(ReceiptRow.payment_id == payment.id)
            await session.execute(done.values(chat="sent" if sent else "none"))

    async def _write(self, session: AsyncSession, payment: PaymentOrder, pdf: bytes) -> bool:
        contact = await session.get(ContactRow, payment.contact_id)
        if contact is None:
            return False
        message: Outbound
        if await is_open(session, contact, self._clock.now()):
            medium = media_row(pdf, PDF, self._paper.filename(payment), contact.id, self._clock.now())
            session.add(medium)
            message = self._message(payment, medium.id, contact.register)
        else:
            message = self._template(payment)
        draft = Draft(key=f"receipt:{payment.id}", message=message, priority=URGENT_NOTICE)
        await self._outbox.write(session, contact.id, contact.channel, [draft])
        return True

    def _message(self, payment: PaymentOrder, media: str, register: str) -> Buttons:
        texts = self._texts
        body = texts.get(
            "payment_received",
            register=register,
            amount=self._formats.money(Decimal(payment.counted_centavos) / 100),
            ending=mask_contract(payment.contract),
            confirmation=payment.confirmation,
        )
        balance = f'/balance_inquiry{{"contract_number": "{payment.contract}"}}'
        history = f'/payment_history{{"contract_number": "{payment.contract}"}}'
        options = [Option(id=balance, title=texts.get("see_balance"))]
        if self._invoices and payment.bills:
            choice = f'"choice": "invoice {payment.confirmation}"'
            invoice = f'/payment_history{{"contract_number": "{payment.contract}", {choice}}}'
            options.append(Option(id=invoice, title=texts.get("want_invoice")))
        options.append(Option(id=history, title=texts.get("see_payments")))
        return Buttons(body=body, options=tuple(options), document=media)

    def _template(self, payment: PaymentOrder) -> Template:
        """Outside the 24 hours; a tap on its button opens them again and brings the receipt."""
        amount = f"{Decimal(payment.counted_centavos) / 100:,.2f}"
        day = self._formats.day(self._clock.local(payment.paid_at).date())
        payload = f'/payment_history{{"contract_number": "{payment.contract}", "choice": "receipt"}}'
        parameters = (amount, mask_contract(payment.contract), day, payment.confirmation)
        return Template(name="payment_receipt", parameters=parameters, button_payloads=(payload,))

    async def mail_due(self) -> int:
        """By e-mail; how many were tried. A process that dies in it leaves the mail to be sent again."""
        now = self._clock.now()
        todo = ReceiptRow.email.in_(("due", "sending")), ReceiptRow.not_before <= now
        async with self._db.read() as session:
            due = list(await session.scalars(select(ReceiptRow.payment_id).where(*todo).limit(BATCH)))
        for payment_id in due:
            if (payment := await self._claim(payment_id)) is not None:
                await self._settle(payment_id, await self._mailed(payment))
        return len(due)

    async def _claim(self, payment_id: str) -> PaymentOrder | None:
        now = self._clock.now()
        mine = ReceiptRow.payment_id == payment_id, ReceiptRow.not_before <= now
        open_ = or_(ReceiptRow.email == "due", ReceiptRow.email == "sending")
        claim = update(ReceiptRow).where(*mine, open_).values(email="sending", not_before=now + LEASE)
        async with self._db.begin() as session:
            if (await session.execute(claim.returning(ReceiptRow.payment_id))).first() is None:
                return None
            return rows.payment_order(await session.get_one(PaymentRow, payment_id))

    async def _mailed(self, payment: PaymentOrder) -> str:
        """sent, none (no address on file) or due (try later). The address is only asked for, never kept."""
        try:
            address = (await self._aquasis.contract(payment.contract)).email
            if not address:
                return "none"
            pdf = await asyncio.to_thread(self._paper.pdf, payment)
            amount = self._formats.money(Decimal(payment.counted_centavos) / 100)
            facts = {"amount": amount, "ending": mask_contract(payment.contract), "confirmation": payment.confirmation}
            text = self._texts.get("receipt_email", **facts)
            subject = self._texts.get("receipt_email_subject", amount=amount)
            await self._mailer.send(address, subject, text, (self._paper.filename(payment), PDF, pdf))
        except ServiceError as error:
            log.warning("receipt_not_mailed", payment=payment.id, error=type(error).__name__)
            return "due"
        return "sent"

    async def _settle(self, payment_id: str, state: str) -> None:
        async with self._db.begin() as session:
            row = await session.get_one(ReceiptRow, payment_id, with_for_update=True)
            row.attempts += 1
            row.email = "failed" if state == "due" and row.attempts >= MOST_TRIES else state
            row.not_before = self._clock.now() + FIRST_WAIT * 2 ** (row.attempts - 1)
