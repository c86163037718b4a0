"""What is said about an invoice: the files in the chat and by e-mail, and plainly where there is none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from services.cfdi.tables import InvoiceRequestRow
from services.clock import Clock
from services.contacts.tables import ContactRow
from services.identity.masking import mask_contract
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.links.pages import InvoiceLinks
from services.messaging.media import media_row
from services.messaging.outbound import Buttons, Document, LinkButton, Option, Outbound
from services.messaging.outbox import URGENT_NOTICE, Draft, Outbox
from services.messaging.window import is_open
from services.payments.model import PaymentOrder

PDF, ZIP = "application/pdf", "application/zip"
PLAIN = "text/plain"  # WhatsApp takes no XML; the name ends in .xml all the same
PERSON = '/handoff_request{"about": "payment"}'
# the SAT's codes for a receiver it knows otherwise, by the part that is wrong (identity_cfdi.md D2)
WRONG_PARTS = {
    "rfc": ("CFDI40143", "CFDI40144", "CFDI40153", "CFDI40154"),
    "name": ("CFDI40145", "CFDI40146"),
    "postcode": ("CFDI40147", "CFDI40148", "CFDI40149", "CFDI40150"),
    "regime": ("CFDI40157", "CFDI40158", "CFDI40159", "CFDI40160"),
    "use": ("CFDI40161",),
}


@dataclass(frozen=True)
class Paper:
    """A stamped document, as the law has it and to be read. `kind` is I (income) or P (payment)."""

    kind: str
    uuid: str
    xml: bytes
    pdf: bytes


def wrong_part(code: str | None) -> str:
    """Which of the data the SAT has otherwise; `other` where its code does not say."""
    return next((part for part, codes in WRONG_PARTS.items() if code in codes), "other")


def _once(row: InvoiceRequestRow) -> str:
    """The same for one handing in of data."""
    return f"{row.id}:{int(row.submitted_at.timestamp()) if row.submitted_at else 0}"


class InvoiceSending:
    """Writes into the outbox, in the transaction of the caller."""

    def __init__(self, outbox: Outbox, clock: Clock, links: InvoiceLinks, formats: Formats, texts: Texts) -> None:
        self._outbox, self._clock, self._links = outbox, clock, links
        self._formats, self._texts = formats, texts

    async def papers(self, session: AsyncSession, row: InvoiceRequestRow, papers: Sequence[Paper]) -> bool:
        """Each document as PDF and XML; False outside the 24 hours."""
        contact = await self._reachable(session, row)
        if contact is None:
            return False
        messages: list[Outbound] = []
        for paper in papers:
            key = "invoice_caption" if paper.kind == "I" else "invoice_payment_caption"
            caption = self._texts.get(key, contact.register, uuid=paper.uuid)
            for content, mime, ending in ((paper.pdf, PDF, "pdf"), (paper.xml, PLAIN, "xml")):
                medium = media_row(content, mime, f"{paper.uuid}.{ending}", contact.id, self._clock.now())
                session.add(medium)
                messages.append(Document(media=medium.id, caption=caption if ending == "pdf" else None))
        await self._put(session, contact, f"invoice:{row.id}:{row.copies}", messages)
        return True

    async def refused(self, session: AsyncSession, row: InvoiceRequestRow) -> None:
        """Which part the SAT has otherwise, and the way to correct it."""
        if contact := await self._reachable(session, row):
            why = self._texts.table("invoice_wrong")[wrong_part(row.reason)]
            body = self._texts.get("invoice_refused", contact.register, why=why)
            title = self._texts.get("invoice_correct_button")
            link = LinkButton(body=body, title=title, url=self._links.page(row.id))
            await self._put(session, contact, f"invoice-refused:{_once(row)}", [link])

    async def not_made(self, session: AsyncSession, row: InvoiceRequestRow, key: str) -> None:
        """With somebody to talk to."""
        if contact := await self._reachable(session, row):
            body = self._texts.get(key, contact.register)
            person = Option(id=PERSON, title=self._texts.get("talk_to_somebody"))
            message = Buttons(body=body, options=(person,))
            await self._put(session, contact, f"{key}:{_once(row)}", [message])

    def mail(self, payment: PaymentOrder, papers: Sequence[Paper]) -> tuple[str, str, tuple[str, str, bytes]]:
        """Subject, text and one file with all documents."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
            for paper in papers:
                file.writestr(f"{paper.uuid}.xml", paper.xml)
                file.writestr(f"{paper.uuid}.pdf", paper.pdf)
        amount = self._formats.money(Decimal(payment.counted_centavos) / 100)
        facts = {"amount": amount, "ending": mask_contract(payment.contract), "confirmation": payment.confirmation}
        subject = self._texts.get("invoice_email_subject", amount=amount)
        name = f"factura-{payment.confirmation}.zip"
        return subject, self._texts.get("invoice_email", **facts), (name, ZIP, out.getvalue())

    async def _reachable(self, session: AsyncSession, row: InvoiceRequestRow) -> ContactRow | None:
        """Whoever asked did so within the day; later there is nothing that could be sent without being asked again."""
        contact = await session.get(ContactRow, row.contact_id)
        return contact if contact is not None and await is_open(session, contact, self._clock.now()) else None

    async def _put(self, session: AsyncSession, contact: ContactRow, key: str, messages: Sequence[Outbound]) -> None:
        drafts = [
            Draft(key=f"{key}:{number}", message=message, priority=URGENT_NOTICE)
            for number, message in enumerate(messages)
        ]
        await self._outbox.write(session, contact.id, contact.channel, drafts)
