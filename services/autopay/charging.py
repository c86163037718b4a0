"""Charges what was told of, on its day. Before anything else it looks whether the bill is still owed.

Nothing here decides what a charge came to: that is written by `Outcomes`, in the transaction that settles the
payment, whoever finds it out. This only asks for a charge, and never while another one is not made out.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy import select, update

from services.aquasis.model import Bill
from services.aquasis.port import Aquasis
from services.autopay.calendar import is_too_late
from services.autopay.model import Card, PlanState, RunState, Why, run
from services.autopay.tables import AutopayPlanRow, AutopayRunRow
from services.autopay.telling import close
from services.autopay.wallet import default_card
from services.autopay.words import Words
from services.clock import Clock
from services.errors import BadInput, ServiceError
from services.payments.errors import AlreadyPaid, PaymentInProgress, PaymentUnknown
from services.payments.model import BillShare, centavos
from services.payments.parts import BillParts, Booked
from services.payments.service import Payments
from services.storage import Database

log = structlog.get_logger(__name__)
LEASE, AGAIN, BATCH = timedelta(minutes=5), timedelta(minutes=5), 20


class Charging:
    """Run every few seconds; any number of workers."""

    def __init__(self, db: Database, clock: Clock, aquasis: Aquasis, payments: Payments, words: Words) -> None:
        self._db, self._clock, self._aquasis = db, clock, aquasis
        self._payments, self._words = payments, words

    async def charge_due(self) -> int:
        """How many runs were worked on."""
        now = self._clock.now()
        due = AutopayRunRow.state == RunState.TOLD.value, AutopayRunRow.next_at <= now, AutopayRunRow.busy_until <= now
        async with self._db.read() as session:
            ids = list(await session.scalars(select(AutopayRunRow.id).where(*due).limit(BATCH)))
        for run_id in ids:
            await self._work(run_id)
        return len(ids)

    async def _work(self, run_id: str) -> None:
        claimed = await self._claim(run_id)
        if claimed is None:
            return
        row, plan, card = claimed
        try:
            await self._charge(row, plan, card)
        except ServiceError as error:  # a system is down, or an earlier try is not made out yet
            log.info("autopay_waits", run=run_id, error=type(error).__name__)
            await self._wait(run_id, underway=isinstance(error, PaymentUnknown | PaymentInProgress))
        else:
            await self._release(run_id)

    async def _claim(self, run_id: str) -> tuple[AutopayRunRow, AutopayPlanRow, Card | None] | None:
        """Ours for some minutes, if it is still to be charged and its auto-pay is on."""
        now = self._clock.now()
        mine = AutopayRunRow.id == run_id, AutopayRunRow.state == RunState.TOLD.value, AutopayRunRow.busy_until <= now
        async with self._db.begin() as session:
            taken = update(AutopayRunRow).where(*mine).values(busy_until=now + LEASE)
            if (await session.execute(taken.returning(AutopayRunRow.id))).first() is None:
                return None
            row = await session.get_one(AutopayRunRow, run_id, populate_existing=True)
            plan = await session.get_one(AutopayPlanRow, row.plan_id)
            if plan.state != PlanState.ACTIVE:
                close(row, RunState.STOPPED, now)
                return None
            return row, plan, await default_card(session, row.contact_id)

    async def _charge(self, row: AutopayRunRow, plan: AutopayPlanRow, card: Card | None) -> None:
        """What was paid is looked at before the debt is asked for: what is booked by then is off the debt."""
        parts = await self._payments.parts_paid(row.contract, row.bill)
        bill, blocked = await self._owed(row)
        if blocked:
            await self._end(row.id, Why.BLOCKED)
            return
        left, is_sure = await self._left(row, bill, parts)
        if bill is None or left <= 0:
            await self._paid_otherwise(row.id)
        elif why := self._against(row, plan, card, bill):
            await self._end(row.id, why)
        elif not is_sure:
            await self._partly(row.id, parts, left)
        elif card is not None:
            await self._ask(row, card, bill, parts.ids)

    async def _left(self, row: AutopayRunRow, bill: Bill | None, parts: BillParts) -> tuple[int, bool]:
        """Centavos that are left of a bill, and whether that is sure enough to take them from a card.

        It is where nothing was paid, or where all that was paid is booked and the debt is no more than the whole bill
        without it.

        Raises:
            PaymentInProgress: a part is being booked; the next look tells.
        """
        owed = centavos(bill.amount) if bill else 0
        if not parts.ids or not owed:
            return owed, True
        if parts.booked is not Booked.YES:
            left = owed - parts.centavos
            if left > 0 and parts.booked is Booked.SOON and not is_too_late(row.due, row.tries, self._clock):
                raise PaymentInProgress(row.id)
            return left, False
        listed = [b.amount for b in await self._aquasis.bills(row.contract) if b.number == row.bill]
        left = max([row.amount_centavos, *map(centavos, listed)]) - parts.centavos
        return (owed, True) if owed <= left else (left, False)

    async def _partly(self, run_id: str, parts: BillParts, left: int) -> None:
        """Said plainly: what is paid, what is left, and that nothing was charged."""
        async with self._db.begin() as session:
            row = await session.get_one(AutopayRunRow, run_id, with_for_update=True)
            if row.state == RunState.TOLD:
                close(row, RunState.NOT_CHARGED, self._clock.now(), Why.PARTLY)
                await self._words.partly(session, row.contact_id, run(row), parts.centavos, left)

    async def _owed(self, row: AutopayRunRow) -> tuple[Bill | None, bool]:
        """The bill as the billing system has it now, not as it was cached."""
        await self._aquasis.forget(row.contract)
        debt = await self._aquasis.debt(row.contract)
        bill = next((b for b in debt.bills if b.number == row.bill and b.amount > 0), None)
        return (bill if debt.total > 0 else None), debt.blocked

    def _against(self, row: AutopayRunRow, plan: AutopayPlanRow, card: Card | None, bill: Bill) -> Why | None:
        """What was told and agreed to holds; more than that is never charged."""
        amount = centavos(bill.amount)
        if is_too_late(row.due, row.tries, self._clock):
            return Why.LATE
        if amount > row.amount_centavos:
            return Why.CHANGED
        if plan.cap_centavos is not None and amount > plan.cap_centavos:
            return Why.CAP
        if card is None:
            return Why.CARD
        return Why.EXPIRED if card.is_over(self._clock.today()) else None

    async def _ask(self, row: AutopayRunRow, card: Card, bill: Bill, beside: frozenset[str]) -> None:
        share = BillShare(bill.number, centavos(bill.amount), bill.payment_reference, row.month)
        key = f"auto:{row.contract}:{row.bill}"
        try:
            await self._payments.charge_saved(row.contact_id, row.contract, share, card.source, key, beside)
        except AlreadyPaid:
            await self._paid_otherwise(row.id)
        except BadInput:
            await self._end(row.id, Why.AMOUNT)

    async def _end(self, run_id: str, why: Why) -> None:
        now = self._clock.now()
        async with self._db.begin() as session:
            row = await session.get_one(AutopayRunRow, run_id, with_for_update=True)
            if row.state == RunState.TOLD:
                close(row, RunState.NOT_CHARGED, now, why)
                await self._words.not_charged(session, row.contact_id, run(row), why)

    async def _paid_otherwise(self, run_id: str) -> None:
        """Unless it was us: then the outcome is written already."""
        async with self._db.begin() as session:
            row = await session.get_one(AutopayRunRow, run_id, with_for_update=True)
            if row.state == RunState.TOLD:
                close(row, RunState.OTHERWISE, self._clock.now())
                await self._words.paid_already(session, row.contact_id, run(row))

    async def _wait(self, run_id: str, *, underway: bool) -> None:
        """Not a try: nothing was refused. The citizen can stop it meanwhile, unless a charge may be underway."""
        again = self._clock.now() + AGAIN
        async with self._db.begin() as session:
            row = await session.get_one(AutopayRunRow, run_id, with_for_update=True)
            row.next_at = max(row.next_at, again)
            row.busy_until = again if underway else self._clock.now()

    async def _release(self, run_id: str) -> None:
        async with self._db.begin() as session:
            row = await session.get_one(AutopayRunRow, run_id, with_for_update=True)
            row.busy_until = self._clock.now()
