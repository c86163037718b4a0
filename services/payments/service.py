"""Payments: references, what is pending, what has been paid, and the webhooks that tell of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from services.clock import Clock
from services.errors import ServiceError
from services.payments import rows
from services.payments.cards import Cards
from services.payments.decisions import carry_out
from services.payments.model import BillShare, Method, PaymentChange, PaymentOrder, Reference, State
from services.payments.parts import BillParts, not_booked, parts_of
from services.payments.posting import Posting
from services.payments.reconciliation import Reconciliation
from services.payments.references import Asked, References
from services.payments.saved import SavedCharges
from services.payments.settlement import Listener, Settlement
from services.payments.tables import PaymentNoteRow, PaymentRow
from services.payments.webhooks import Webhooks
from services.rounds import each
from services.storage import Database

SHOWN = 12
BATCH = 50
LATELY = timedelta(days=10)  # in which the billing system may not show a payment yet
SETTLES = timedelta(minutes=2)  # once it was posted; longer than any answer is cached


class Payments:
    """The front of `services.payments`. Any process may have one; nothing is kept in memory but keys."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        references: References,
        charges: SavedCharges,
        settlement: Settlement,
        webhooks: Webhooks,
        posting: Posting | None,
        reconciliation: Reconciliation,
        cards: Cards,
    ) -> None:
        self._db, self._clock = db, clock
        self._references, self._charges, self._settlement = references, charges, settlement
        self._webhooks, self._posting = webhooks, posting
        self._reconciliation = reconciliation
        self.cards = cards

    def on_change(self, listener: Listener) -> None:
        """Have `listener(session, change)` called inside the transaction of every change.

        What it writes through the session (an outbox row) stands or falls with the payment. It must not open
        a transaction of its own.
        """
        self._settlement.listeners.append(listener)

    async def create_reference(
        self,
        contact_id: str,
        contract: str,
        method: Method,
        amount_centavos: int,
        bills: Sequence[BillShare],
        idempotency_key: str,
    ) -> Reference:
        """A reference for exactly this amount. The same wish again gives the same reference, `repeated`.

        Raises:
            AmountTooSmall, AmountTooLarge: outside the limits; `facts["limit_centavos"]`.
            AlreadyPaid: this very request has been paid.
            PaymentInProgress: it is being made right now.
            PaymentsUnavailable: nothing has happened.
            PaymentUnknown: it may have been made; asking again finds it.
            PaymentRefused: the gateway said no.
        """
        return await self._references.create(
            Asked(contact_id, contract, method, amount_centavos, tuple(bills), idempotency_key)
        )

    async def parts_paid(self, contract: str, bill: str) -> BillParts:
        """What arrived for a bill so far."""
        async with self._db.read() as session:
            return await parts_of(session, contract, bill)

    async def bills_paid(self, contract: str) -> frozenset[tuple[str, int]]:
        """(bill, centavos) of what arrived lately and the billing system may still list as owed."""
        now = self._clock.now()
        async with self._db.read() as session:
            return await not_booked(session, contract, since=now - LATELY, sure_after=now - SETTLES)

    async def charge_saved(
        self,
        contact_id: str,
        contract: str,
        bill: BillShare,
        card: tuple[str, str],
        idempotency_key: str,
        beside: frozenset[str] = frozenset(),
    ) -> PaymentOrder:
        """Charge a bill to a saved card (customer, card): paid, refused or not yet known; never twice.

        `beside` are payments of parts of the bill that the caller knows of: this one is for the rest.

        Raises:
            AlreadyPaid: the bill has another payment of any kind.
            PaymentInProgress, PaymentsUnavailable: nothing was charged by this call.
            PaymentUnknown: it may have been; what became of it is found out by itself.
        """
        asked = Asked(contact_id, contract, Method.AUTO, bill.amount_centavos, (bill,), idempotency_key, card)
        return await self._charges.charge(asked, beside)

    async def pending(self, contract: str) -> list[PaymentOrder]:
        """References that can be paid now, newest first."""
        query = select(PaymentRow).where(
            PaymentRow.contract == contract,
            PaymentRow.state == State.PENDING.value,
            PaymentRow.expires_at > self._clock.now(),
        )
        return [rows.payment_order(row) for row in await self._rows(query.limit(SHOWN))]

    async def overtaken(self, within: timedelta) -> list[PaymentOrder]:
        """References that can be paid though another payment of their contract came lately, after they were made.

        Only once what was posted must show in the billing system's answers.
        """
        other = aliased(PaymentRow)
        paid = (other.contract == PaymentRow.contract, other.id != PaymentRow.id, other.state == State.PAID.value)
        now = self._clock.now()
        late = other.paid_at > PaymentRow.created_at, other.paid_at.between(now - within, now - SETTLES)
        query = select(PaymentRow).where(PaymentRow.state == State.PENDING.value, exists().where(*paid, *late))
        return [rows.payment_order(row) for row in await self._rows(query.limit(BATCH))]

    async def withdraw(self, payment_id: str) -> bool:
        """Take a reference back, so that nobody can pay it any more; False if it is not pending.

        Raises:
            AlreadyPaid: it has been paid.
            PaymentsUnavailable: it may still be paid.
        """
        async with self._db.read() as session:
            row = await session.get_one(PaymentRow, payment_id)
        if row.state != State.PENDING:
            return False
        await self._references.retire(row)
        return True

    async def history(self, contract: str, limit: int = SHOWN) -> list[PaymentOrder]:
        """Everything a citizen could remember, newest first: pending, paid, expired, cancelled, under review."""
        hidden = (State.CREATING.value, State.FAILED.value)
        query = select(PaymentRow).where(PaymentRow.contract == contract, PaymentRow.state.not_in(hidden))
        return [rows.payment_order(row) for row in await self._rows(query.limit(limit))]

    async def history_of_contact(self, contact_id: str, limit: int = SHOWN) -> list[PaymentOrder]:
        """What one chat asked for, of any contract, newest first; without what never came to be."""
        hidden = (State.CREATING.value, State.FAILED.value)
        query = select(PaymentRow).where(PaymentRow.contact_id == contact_id, PaymentRow.state.not_in(hidden))
        return [rows.payment_order(row) for row in await self._rows(query.limit(limit))]

    async def notes(self, payment_id: str) -> list[tuple[datetime, str, str | None]]:
        """A payment's history, oldest first: moment, what became of it, why."""
        query = select(PaymentNoteRow).where(PaymentNoteRow.payment_id == payment_id).order_by(PaymentNoteRow.id)
        async with self._db.read() as session:
            return [(note.at, note.what, note.reason) for note in await session.scalars(query)]

    async def reference(self, payment_id: str) -> Reference:
        """A pending reference again, for its picture or for sending it once more."""
        async with self._db.read() as session:
            row = await session.get_one(PaymentRow, payment_id)
        return rows.reference(row, repeated=True)

    async def refresh(self, contract: str) -> list[PaymentOrder]:
        """Ask the gateway about what is pending, then `history`. A gateway that is down changes nothing."""
        query = select(PaymentRow).where(PaymentRow.contract == contract, PaymentRow.state == State.PENDING.value)
        await asyncio.gather(*(self._look(row) for row in await self._rows(query.limit(SHOWN))))
        return await self.history(contract)

    async def accept_webhook(self, raw: bytes, digest: str | None) -> str | None:
        """Verify and keep; then answer 200. An id means `process_event` is due.

        Raises:
            WebhookRejected: answer 401.
            PaymentsUnavailable: answer 503, it comes again.
        """
        return await self._webhooks.accept(raw, digest)

    async def process_event(self, event_id: str) -> list[PaymentChange]:
        """What the event changed; also posts to the ledger if that is on."""
        change = await self._webhooks.handle(event_id)
        posted = await self._posting.post_due() if change and self._posting else []
        return [c for c in (change, *posted) if c is not None]

    async def handle_webhook(self, raw: bytes, digest: str | None) -> list[PaymentChange]:
        """`accept_webhook` and `process_event` in one."""
        event_id = await self.accept_webhook(raw, digest)
        return await self.process_event(event_id) if event_id else []

    async def process_waiting(self) -> int:
        """Every second: the webhooks that were accepted and not worked on yet; how many."""
        waiting = await self._webhooks.waiting(BATCH)
        await each("webhooks", waiting, self._webhooks.handle)
        return len(waiting)

    async def post_due(self) -> int:
        """Every second: the postings to the ledger that are due; how many left."""
        return len(await self._posting.post_due()) if self._posting else 0

    async def sweep(self) -> None:
        """Once a minute: lost webhooks, dead processes, references that are over, postings that are due.

        What an operator decided is carried out here too, and what stands open is measured.
        """
        await self.process_waiting()
        await self._reconciliation.run()
        await carry_out(self._db, self._clock, self._settlement, self._posting)
        if self._posting:
            await self._posting.post_due()
        await self._reconciliation.measure()

    async def unreconciled(self) -> timedelta:
        """How long the oldest payment waits that was not compared with the gateway or, paid, not posted."""
        return await self._reconciliation.measure()

    async def _look(self, row: PaymentRow) -> None:
        with suppress(ServiceError):
            await self._references.look_again(row)

    async def _rows(self, query: Select[PaymentRow]) -> list[PaymentRow]:
        async with self._db.read() as session:
            return list(await session.scalars(query.order_by(PaymentRow.created_at.desc())))
