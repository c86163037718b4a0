"""Who asked for the invoice of which payment, and how far it is. One row a payment; only its payer has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.cfdi.fiscal import FiscalData
from services.cfdi.kept import FiscalDrawer
from services.cfdi.tables import InvoiceRequestRow
from services.clock import Clock
from services.payments import rows
from services.payments.model import PaymentOrder
from services.payments.tables import PaymentRow
from services.storage import Database
from services.storage.base import new_id
from services.storage.upsert import insert_new

ASKED, DUE, DONE, AGAIN = "asked", "due", "done", "again"
REFUSED, OTHERWISE, FAILED = "refused", "otherwise", "failed"
OPEN = (ASKED, REFUSED, FAILED)  # data may be given
UNDERWAY = (DUE, AGAIN)
TYPED_LIFE = timedelta(days=1)  # how long what was typed and refused is shown again to be corrected


@dataclass(frozen=True)
class InvoiceRequest:
    """One request with its payment. `reason` is the SAT's code where it was refused."""

    id: str
    contact_id: str
    contract: str
    state: str
    reason: str | None
    payment: PaymentOrder
    typed: FiscalData | None = None


def can_be_invoiced(payment: PaymentOrder) -> bool:
    """Money that arrived and lies on bills."""
    return payment.paid_at is not None and any(share.amount_centavos > 0 for share in payment.bills)


class InvoiceRequests:
    """For chat and portal; what is due is done by `services.cfdi.delivery`."""

    def __init__(self, db: Database, clock: Clock, drawer: FiscalDrawer) -> None:
        self._db, self._clock, self.drawer = db, clock, drawer

    async def ask(self, payment: PaymentOrder) -> InvoiceRequest:
        """The request of a payment, new or as it stands."""
        now = self._clock.now()
        new = {
            "id": new_id(),
            "payment_id": payment.id,
            "contact_id": payment.contact_id,
            "contract": payment.contract,
            "state": ASKED,
            "email": "none",
            "copies": 0,
            "attempts": 0,
            "not_before": now,
            "created_at": now,
        }
        async with self._db.begin() as session:
            await insert_new(session, InvoiceRequestRow, [new], ("payment_id",))
            query = select(InvoiceRequestRow).where(InvoiceRequestRow.payment_id == payment.id)
            return self._request((await session.scalars(query)).one(), payment)

    async def states(self, contact_id: str) -> dict[str, str]:
        """State by payment, of a contact's requests."""
        query = select(InvoiceRequestRow.payment_id, InvoiceRequestRow.state)
        async with self._db.read() as session:
            found = await session.execute(query.where(InvoiceRequestRow.contact_id == contact_id))
            return {row.payment_id: row.state for row in found}

    async def get(self, request_id: str) -> InvoiceRequest | None:
        """By its id, which is what a link names."""
        async with self._db.read() as session:
            row = await session.get(InvoiceRequestRow, request_id)
            if row is None:
                return None
            return self._request(row, rows.payment_order(await session.get_one(PaymentRow, row.payment_id)))

    async def submit(self, request_id: str, data: FiscalData, consent_text: str | None) -> bool:
        """Make it due, once; with the words agreed to the data are kept for the next time too.

        False if it is under way or done already.
        """
        now = self._clock.now()
        values = {"state": DUE, "sealed": self.drawer.seal(data), "reason": None, "attempts": 0}
        open_ = InvoiceRequestRow.id == request_id, InvoiceRequestRow.state.in_(OPEN)
        made = update(InvoiceRequestRow).where(*open_).values(**values, not_before=now, submitted_at=now)
        async with self._db.begin() as session:
            taken = await session.execute(made.returning(InvoiceRequestRow.contact_id, InvoiceRequestRow.contract))
            if (whose := taken.first()) is None:
                return False
            if consent_text is not None:
                await self.drawer.write(session, whose[0], whose[1], data, consent_text)
        return True

    async def send_again(self, request_id: str) -> bool:
        """What is stamped goes to the chat once more; False if it is not done."""
        done = InvoiceRequestRow.id == request_id, InvoiceRequestRow.state == DONE
        again = update(InvoiceRequestRow).where(*done).values(state=AGAIN, not_before=self._clock.now(), attempts=0)
        async with self._db.begin() as session:
            return (await session.execute(again.returning(InvoiceRequestRow.id))).first() is not None

    async def forget(self, contact_id: str) -> bool:
        """Kept data and what was typed and not used; whether there was anything."""
        async with self._db.begin() as session:
            typed = await self._drop(session, InvoiceRequestRow.contact_id == contact_id)
        return await self.drawer.forget(contact_id) or typed

    async def drop_typed(self) -> None:
        """What was typed and refused is not kept for longer than somebody may want to correct it."""
        old: datetime = self._clock.now() - TYPED_LIFE
        async with self._db.begin() as session:
            await self._drop(session, InvoiceRequestRow.submitted_at < old)

    @staticmethod
    async def _drop(session: AsyncSession, which: object) -> bool:
        typed = InvoiceRequestRow.sealed.is_not(None), InvoiceRequestRow.state.in_(OPEN)
        gone = update(InvoiceRequestRow).where(which, *typed).values(sealed=None)  # type: ignore[arg-type]
        return (await session.execute(gone.returning(InvoiceRequestRow.id))).first() is not None

    def _request(self, row: InvoiceRequestRow, payment: PaymentOrder) -> InvoiceRequest:
        typed = self.drawer.open(row.sealed) if row.sealed else None
        return InvoiceRequest(row.id, row.contact_id, row.contract, row.state, row.reason, payment, typed)
