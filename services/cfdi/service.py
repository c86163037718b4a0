"""Invoices of payments: documents stamped once, whatever gets lost on the way."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.aquasis.port import Aquasis
from services.cfdi import documents
from services.cfdi.documents import Issuer, Part
from services.cfdi.errors import InvoicedOtherwise
from services.cfdi.fiscal import FiscalData
from services.cfdi.pac import Pac
from services.cfdi.tables import CfdiRow
from services.clock import Clock
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.payments.model import BillShare, PaymentOrder, centavos
from services.storage import Database
from services.storage.base import new_id
from services.storage.upsert import insert_new


@dataclass(frozen=True)
class Document:
    """A stamped document. `kind` is I (income) or P (payment)."""

    kind: str
    uuid: str
    xml: bytes


class Invoices:
    """Makes documents; `services.cfdi.delivery` sends them."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        pac: Pac,
        aquasis: Aquasis,
        issuer: Issuer,
        key: bytes,
        formats: Formats,
        texts: Texts,
    ) -> None:
        self._db, self._clock, self._pac, self._aquasis = db, clock, pac, aquasis
        self._issuer, self._pepper = issuer, key
        self._formats, self._texts = formats, texts

    async def invoice(self, payment: PaymentOrder, data: FiscalData) -> list[Document]:
        """The bills' income documents and the payment's own; the same ones when asked again.

        Raises:
            PacUnavailable, PacUnknown: later; nothing is stamped twice.
            PacRefused: the SAT knows the taxpayer otherwise.
            InvoicedOtherwise: the payment, or one of its bills, has an invoice made out to another RFC.
        """
        payer = self._hash(data.rfc)
        shares = [share for share in payment.bills if share.amount_centavos > 0]
        await self._check_free(payment, shares, payer)
        incomes = [await self._income(payment.contract, share, payer, data) for share in shares]
        paid = await self._payment(payment, payer, shares, incomes)
        rows = [*incomes, *([paid] if paid else [])]
        return [_document(row) for row in rows]

    async def stamped(self, payment: PaymentOrder) -> list[Document]:
        """What was stamped for a payment, in the order in which `invoice` gives it."""
        numbers = [share.number for share in payment.bills if share.amount_centavos > 0]
        bills = and_(CfdiRow.contract == payment.contract, CfdiRow.kind == "I", CfdiRow.bill.in_(numbers))
        which = or_(bills, CfdiRow.payment_id == payment.id)
        query = select(CfdiRow).where(which, CfdiRow.uuid.is_not(None)).order_by(CfdiRow.kind, CfdiRow.stamped_at)
        async with self._db.read() as session:
            return [_document(row) for row in await session.scalars(query)]

    async def _check_free(self, payment: PaymentOrder, shares: list[BillShare], payer: str) -> None:
        """Before anything is stamped, so that nobody is left with half of a payment's documents."""
        numbers = [share.number for share in shares]
        bills = and_(CfdiRow.contract == payment.contract, CfdiRow.kind == "I", CfdiRow.bill.in_(numbers))
        mine = or_(bills, CfdiRow.payment_id == payment.id)
        taken = select(CfdiRow.id).where(mine, CfdiRow.uuid.is_not(None), CfdiRow.payer != payer).limit(1)
        async with self._db.read() as session:
            if await session.scalar(taken) is not None:
                raise InvoicedOtherwise

    def _hash(self, rfc: str) -> str:
        """Keyed, so that nobody can try out who it is."""
        return hmac.new(self._pepper, rfc.encode(), hashlib.sha256).hexdigest()

    async def _income(self, contract: str, share: BillShare, payer: str, data: FiscalData) -> CfdiRow:
        total = await self._total(contract, share)
        row = await self._row(contract, share.number, payer, "I", "", total)
        if row.uuid is None:
            month = self._formats.month(date.fromisoformat(f"{share.month}-01")) if share.month else share.number
            text = self._texts.get("cfdi_line", month=month)
            pesos, at = _pesos(row.total_centavos), self._clock.local()
            xml = await asyncio.to_thread(
                documents.income, self._issuer, data, row.custom_id[:10].upper(), text, pesos, at
            )
            row = await self._stamp(row, payer, xml)
        return row

    async def _total(self, contract: str, share: BillShare) -> int:
        """The whole bill in centavos; a payment may cover only a part of it."""
        bills = await self._aquasis.bills(contract)
        whole = next((centavos(b.amount) for b in bills if b.number == share.number), 0)
        return max(whole, share.amount_centavos)

    async def _payment(
        self, payment: PaymentOrder, payer: str, shares: list[BillShare], incomes: list[CfdiRow]
    ) -> CfdiRow | None:
        if not shares:
            return None
        total = sum(share.amount_centavos for share in shares)
        row = await self._row(payment.contract, "", payer, "P", payment.id, total)
        if row.uuid is not None:
            return row
        parts = [
            Part(
                invoice=str(income.xml).encode(),
                number=income.parts + 1,
                owed_before=_pesos(income.total_centavos - income.paid_centavos),
                paid=_pesos(share.amount_centavos),
            )
            for share, income in zip(shares, incomes, strict=True)
        ]
        when = self._clock.local(payment.paid_at)
        form = documents.form_of(payment.method, payment.card_type)
        folio, now = row.custom_id[:10].upper(), self._clock.local()
        xml = await asyncio.to_thread(documents.payment, parts, form, when, folio, now)
        return await self._stamp(row, payer, xml, list(zip(shares, incomes, strict=True)))

    async def _row(self, contract: str, bill: str, payer: str, kind: str, payment_id: str, total: int) -> CfdiRow:
        """Written before the PAC is called, so that its `custom_id` is the same whoever asks again.

        Raises:
            InvoicedOtherwise: it is stamped, for another RFC.
        """
        keys = {"contract": contract, "bill": bill, "kind": kind, "payment_id": payment_id}
        new = {"id": new_id(), "custom_id": new_id(), "payer": payer, "total_centavos": total}
        more = {"paid_centavos": 0, "parts": 0, "created_at": self._clock.now()}
        async with self._db.begin() as session:
            await insert_new(session, CfdiRow, [{**keys, **new, **more}], tuple(keys))
            row = (await session.scalars(select(CfdiRow).filter_by(**keys))).one()
        if row.uuid is not None and row.payer != payer:
            raise InvoicedOtherwise
        return row

    async def _stamp(
        self, row: CfdiRow, payer: str, xml: bytes, laid_on: list[tuple[BillShare, CfdiRow]] | None = None
    ) -> CfdiRow:
        """The PAC answers a `custom_id` it knows with what it stamped then, which may name somebody else.

        Raises:
            InvoicedOtherwise: somebody else's RFC was quicker, or came through in an answer that got lost.
        """
        stamped = await self._pac.issue(xml, row.custom_id)
        async with self._db.begin() as session:
            fresh = await session.get_one(CfdiRow, row.id, with_for_update=True)
            if fresh.uuid is None:
                fresh.uuid, fresh.xml, fresh.stamped_at = stamped.uuid, stamped.xml.decode(), self._clock.now()
                fresh.payer = self._hash(stamped.receiver)
                await _lay(session, laid_on or [])
        if fresh.payer != payer:
            raise InvoicedOtherwise
        return fresh


def _document(row: CfdiRow) -> Document:
    return Document(row.kind, str(row.uuid), str(row.xml).encode())


def _pesos(centavos: int) -> Decimal:
    """With two places, as the standard writes money."""
    return (Decimal(centavos) / 100).quantize(Decimal("0.01"))


async def _lay(session: AsyncSession, laid_on: list[tuple[BillShare, CfdiRow]]) -> None:
    """A payment counts on its invoices once, together with its own stamp."""
    for share, income in laid_on:
        fresh = await session.get_one(CfdiRow, income.id, with_for_update=True)
        fresh.paid_centavos += share.amount_centavos
        fresh.parts += 1
