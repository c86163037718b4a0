"""Looks for bills that fall due and tells of them, once each: the run and its message are one transaction."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.aquasis.model import Bill, BillState
from services.aquasis.port import Aquasis
from services.autopay.calendar import Hours, charge_at, is_missed, is_time_to_tell
from services.autopay.model import Card, PlanState, RunState, Why, run
from services.autopay.tables import AutopayPlanRow, AutopayRunRow
from services.autopay.wallet import default_card
from services.autopay.words import Words
from services.clock import Clock
from services.errors import ServiceError
from services.payments.model import centavos
from services.storage import Database
from services.storage.base import new_id

log = structlog.get_logger(__name__)
LOOK_EVERY, AGAIN, BATCH = timedelta(hours=1), timedelta(minutes=5), 50


class Telling:
    """Every active plan is looked at once an hour, in hours in which one may write."""

    def __init__(self, db: Database, clock: Clock, aquasis: Aquasis, words: Words, hours: Hours) -> None:
        self._db, self._clock, self._aquasis = db, clock, aquasis
        self._words, self._hours = words, hours

    async def look(self) -> int:
        """How many bills were told of."""
        if not self._hours.hold(self._clock):
            return 0
        return sum([await self._look_at(row) for row in await self._take()])

    async def _take(self) -> list[AutopayPlanRow]:
        """The plans that are due to be looked at; another worker does not take them too."""
        now = self._clock.now()
        stale = or_(AutopayPlanRow.looked_at.is_(None), AutopayPlanRow.looked_at <= now - LOOK_EVERY)
        due = select(AutopayPlanRow.id).where(AutopayPlanRow.state == PlanState.ACTIVE.value, stale)
        async with self._db.begin() as session:
            ids = list(await session.scalars(due.order_by(AutopayPlanRow.looked_at.nulls_first()).limit(BATCH)))
            taken = update(AutopayPlanRow).where(AutopayPlanRow.id.in_(ids), stale).values(looked_at=now)
            mine = set(await session.scalars(taken.returning(AutopayPlanRow.id)))
            return list(await session.scalars(select(AutopayPlanRow).where(AutopayPlanRow.id.in_(mine))))

    async def _look_at(self, row: AutopayPlanRow) -> int:
        """The billing system being down only means the next look, in some minutes; the other plans come before."""
        try:
            debt = await self._aquasis.debt(row.contract)
        except ServiceError as error:
            log.info("autopay_look_failed", plan=row.id, error=type(error).__name__)
            async with self._db.begin() as session:
                (await session.get_one(AutopayPlanRow, row.id)).looked_at = self._clock.now() - LOOK_EVERY + AGAIN
            return 0
        if debt.blocked or debt.total <= 0:
            return 0
        owed = [b for b in debt.bills if b.amount > 0 and b.state is not BillState.PAID]
        return sum([await self._tell(row.id, bill, bill.due) for bill in owed if bill.due])

    async def _tell(self, plan_id: str, bill: Bill, due: date) -> bool:
        in_time = is_time_to_tell(due, self._hours, self._clock)
        async with self._db.begin() as session:
            plan = await session.get_one(AutopayPlanRow, plan_id, with_for_update=True)
            if plan.state != PlanState.ACTIVE or plan.activated_at is None:
                return False
            if not in_time and not is_missed(due, plan.activated_at, self._hours, self._clock):
                return False
            made = await self._run(session, plan, bill, due)
            if made is None:
                return False
            await self._say(session, plan, made, None if in_time else Why.LATE)
        log.info("autopay_told", run=made.id, state=made.state)
        return True

    async def _run(self, session: AsyncSession, plan: AutopayPlanRow, bill: Bill, due: date) -> AutopayRunRow | None:
        """A new run. One that ended with an earlier auto-pay is taken up again; any other means it was told."""
        now = self._clock.now()
        same = AutopayRunRow.contract == plan.contract, AutopayRunRow.bill == bill.number
        known = (await session.scalars(select(AutopayRunRow).where(*same).with_for_update())).first()
        if known is not None:
            if known.state != RunState.STOPPED or known.plan_id == plan.id or known.tries:
                return None
            await session.delete(known)
            await session.flush()
        made = AutopayRunRow(
            id=new_id(),
            plan_id=plan.id,
            contact_id=plan.contact_id,
            contract=plan.contract,
            bill=bill.number,
            month=f"{bill.month:%Y-%m}",
            due=due,
            amount_centavos=centavos(bill.amount),
            state=RunState.TOLD.value,
            tries=0,
            next_at=charge_at(due, self._hours, self._clock),
            busy_until=now,
            told_at=now,
        )
        session.add(made)
        await session.flush()
        return made

    async def _say(self, session: AsyncSession, plan: AutopayPlanRow, made: AutopayRunRow, why: Why | None) -> None:
        card = await default_card(session, plan.contact_id)
        why = why or _against(plan, made, card)
        if why is None and card is not None:
            await self._words.coming(session, plan.contact_id, run(made), card)
            return
        close(made, RunState.NOT_CHARGED, self._clock.now(), why)
        await self._words.not_charged(session, plan.contact_id, run(made), why or Why.CARD)


def close(row: AutopayRunRow, state: RunState, now: datetime, reason: str | None = None) -> None:
    """The end of a run."""
    row.state, row.closed_at, row.busy_until = state.value, now, now
    row.reason = str(reason) if reason else row.reason


def _against(plan: AutopayPlanRow, made: AutopayRunRow, card: Card | None) -> Why | None:
    """What speaks against charging it, as far as that is known now."""
    if plan.cap_centavos is not None and made.amount_centavos > plan.cap_centavos:
        return Why.CAP
    if card is None:
        return Why.CARD
    return Why.EXPIRED if card.is_over(made.due) else None
