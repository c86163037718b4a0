"""Makes a reference: never two for the same debt, and never a blind repeat (payments.md 9)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from enum import Enum, auto

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.errors import ServiceError
from services.payments import rows
from services.payments.errors import (
    AlreadyPaid,
    AmountTooLarge,
    AmountTooSmall,
    OrderMissing,
    PaymentInProgress,
    PaymentsUnavailable,
    PaymentUnknown,
    TooManyPayments,
)
from services.payments.gateway import GatewayOrder
from services.payments.model import LIVE, BillShare, Method, Reference, State
from services.payments.orders import Orders
from services.payments.rules import Limits
from services.payments.settlement import Settlement
from services.payments.tables import PaymentRow
from services.storage import Database
from services.storage.base import new_id

LEASE = timedelta(minutes=2)
CHARGE_LEASE = timedelta(minutes=15)  # a charge that nobody answered for may still arrive; longer than any time-out
ROUNDS = 3  # a row that ends between two looks is looked for again, not for ever
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """A reference that somebody wants."""

    contact_id: str
    contract: str
    method: Method
    amount_centavos: int
    bills: tuple[BillShare, ...]
    request_key: str
    card: tuple[str, str] | None = None  # customer and saved card at the gateway, to be charged at once

    @property
    def live_key(self) -> str:
        """What may live only once."""
        return rows.live_key(self.contact_id, self.contract)

    def is_answered_by(self, row: PaymentRow) -> bool:
        """Whether the row is this very wish; another amount or method, or other bills, are another one."""
        same = (row.method, row.amount_centavos) == (self.method.value, self.amount_centavos)
        return same and {bill["number"] for bill in row.bills} == {bill.number for bill in self.bills}


class Step(Enum):
    """What is to be done with a row that has been claimed."""

    ORDER = auto()
    LOOK_FIRST = auto()
    KNOWN = auto()
    RETIRE = auto()


class References:
    """The way from a wish to a reference."""

    def __init__(self, db: Database, clock: Clock, orders: Orders, settlement: Settlement, limits: Limits) -> None:
        self._db, self._clock, self._orders, self._settlement = db, clock, orders, settlement
        self._limits = limits

    async def create(self, asked: Asked) -> Reference:
        """A live reference is given again; one that is over, or for another amount or method, is retired first."""
        self.check(asked)
        for _ in range(ROUNDS):
            row, step = await self.claim(asked)
            if step is Step.RETIRE:
                await self.retire(row)
                continue
            if step is Step.KNOWN:
                if alive := await self.look_again(row):
                    return alive
                continue
            found = await self._orders.find(row) if step is Step.LOOK_FIRST else None
            return await self._adopt(row, found or await self._order(row))
        raise PaymentsUnavailable(asked.request_key)

    def check(self, asked: Asked) -> None:
        """Raises `AmountTooSmall` or `AmountTooLarge`."""
        most = self._limits.most(asked.method)
        if asked.amount_centavos < self._limits.least:
            raise AmountTooSmall(limit_centavos=self._limits.least)
        if asked.amount_centavos > most:
            raise AmountTooLarge(limit_centavos=most)

    async def claim(self, asked: Asked) -> tuple[PaymentRow, Step]:
        """Find the row of this wish or write it, and take it for ourselves while we call out."""
        try:
            return await self._claim_once(asked)
        except IntegrityError:  # another process wrote the same row in between; now it can be seen
            return await self._claim_once(asked)

    async def _claim_once(self, asked: Asked) -> tuple[PaymentRow, Step]:
        now = self._clock.now()
        mine = or_(PaymentRow.request_key == asked.request_key, PaymentRow.live_key == asked.live_key)
        order = (PaymentRow.request_key == asked.request_key).desc()
        async with self._db.begin() as session:
            query = select(PaymentRow).where(mine).order_by(order).with_for_update()
            row = (await session.scalars(query)).first()
            if row is None:
                await self._check_charges(session, asked.contract)
                if asked.card is None:  # María's own charges are as many as there are bills
                    await self._allow(session, asked, now)
                row = self._new_row(asked, now)
                session.add(row)
                await session.flush()
                rows.note(session, row, now, State.CREATING.value)
                return row, Step.ORDER
            step = self._next_step(row, asked, now)
            if step is Step.RETIRE:  # what cannot be replaced must not be taken away
                await self._allow(session, asked, now)
            if row.state == State.CREATING:
                row.busy_until = now + LEASE
            return row, step

    @staticmethod
    async def _check_charges(session: AsyncSession, contract: str) -> None:
        """Nobody gets a reference while a charge of a saved card is not made out, whoever's card it is."""
        charge = PaymentRow.contract == contract, PaymentRow.method == Method.AUTO.value
        underway = select(PaymentRow.id).where(*charge, PaymentRow.state == State.CREATING.value).limit(1)
        if (found := await session.scalar(underway)) is not None:
            raise PaymentInProgress(found)

    async def _allow(self, session: AsyncSession, asked: Asked, now: datetime) -> None:
        """A person needs a few references a month, and so does a contract; a script wants thousands."""
        person, contract = PaymentRow.contact_id == asked.contact_id, PaymentRow.contract == asked.contract
        limits = self._limits
        for whose, most, span in (
            (person, limits.an_hour, HOUR),
            (person, limits.a_day, DAY),
            (contract, limits.a_contract, DAY),
        ):
            made = select(func.count()).select_from(PaymentRow).where(whose, PaymentRow.created_at > now - span)
            if (await session.scalar(made) or 0) >= most:
                raise TooManyPayments

    @staticmethod
    def _next_step(row: PaymentRow, asked: Asked, now: datetime) -> Step:
        if row.state in (State.PAID, State.REVIEW, State.RETURNED):
            raise AlreadyPaid(row.id)
        if row.state == State.CREATING and row.busy_until > now:
            raise PaymentInProgress(row.id)
        if not asked.is_answered_by(row):
            return Step.RETIRE
        return Step.KNOWN if row.state == State.PENDING else Step.LOOK_FIRST

    def _new_row(self, asked: Asked, now: datetime) -> PaymentRow:
        return PaymentRow(
            id=new_id(),
            request_key=asked.request_key,
            live_key=asked.live_key,
            contact_id=asked.contact_id,
            contract=asked.contract,
            method=asked.method.value,
            amount_centavos=asked.amount_centavos,
            bills=[asdict(bill) for bill in asked.bills],
            state=State.CREATING.value,
            details={"customer": asked.card[0], "source": asked.card[1]} if asked.card else {},
            received={},
            created_at=now,
            busy_until=now + (CHARGE_LEASE if asked.card else LEASE),
            expires_at=self._expiry(asked.method),
        )

    def _expiry(self, method: Method) -> datetime:
        """The end of a day, so that a date can be said without an hour; a card link lives some hours."""
        if method is Method.CARD:
            return self._clock.now().replace(microsecond=0) + timedelta(hours=self._limits.card_hours)
        day = self._clock.today() + timedelta(days=self._limits.days)
        return datetime.combine(day, time(23, 59, 59), self._clock.zone)

    async def _order(self, row: PaymentRow) -> GatewayOrder:
        try:
            return await self._orders.make(row)
        except PaymentUnknown:
            await self._let_go(row)
            raise
        except ServiceError:
            await self.give_up(row)
            raise

    async def _adopt(self, row: PaymentRow, order: GatewayOrder) -> Reference:
        await self._settlement.settle(order)
        fresh = await self._fresh(row)
        if fresh.state != State.PENDING:
            raise PaymentsUnavailable(fresh.state)
        return rows.reference(fresh, repeated=False)

    async def look_again(self, row: PaymentRow) -> Reference | None:
        """A pending row, compared with the gateway: what to pay with, or None when it has ended unpaid.

        Raises:
            AlreadyPaid: it has been paid meanwhile.
            PaymentsUnavailable: its time is over and the gateway cannot say what became of it.
        """
        over = rows.is_over(row, self._clock.now())
        try:
            order = await self._orders.look(row)
            if order is None:
                raise OrderMissing(row.id)
            over = over or order.used_up
            if over:
                order = await self._orders.withdraw(order)
        except OrderMissing:
            await self.give_up(row)
            return None
        except PaymentsUnavailable:
            if over:
                raise
            return rows.reference(row, repeated=True)
        await self._settlement.settle(order)
        fresh = await self._fresh(row)
        return rows.reference(fresh, repeated=True) if fresh.state == State.PENDING and not over else None

    async def retire(self, row: PaymentRow) -> None:
        """Take a live reference back before another takes its place.

        Raises:
            AlreadyPaid: it has been paid.
            PaymentsUnavailable: the gateway cannot take it back now, so it stays the only one.
        """
        try:
            order = await self._orders.look(row)
            order = order and await self._orders.withdraw(order)
        except OrderMissing:
            order = None
        if order is None:
            await self.give_up(row)
            return
        await self._settlement.settle(order)
        await self._fresh(row)

    async def _fresh(self, row: PaymentRow) -> PaymentRow:
        async with self._db.read() as session:
            fresh = await session.get_one(PaymentRow, row.id)
        if fresh.state in (State.PAID, State.REVIEW):
            raise AlreadyPaid(row.id)
        return fresh

    async def give_up(self, row: PaymentRow) -> None:
        """The order was surely not made, or is gone."""
        async with self._db.begin() as session:
            fresh = await session.get_one(PaymentRow, row.id, with_for_update=True)
            if fresh.state in LIVE:
                rows.move(session, fresh, self._clock.now(), State.FAILED)

    async def _let_go(self, row: PaymentRow) -> None:
        """We do not know; whoever comes next may look at once."""
        async with self._db.begin() as session:
            fresh = await session.get_one(PaymentRow, row.id, with_for_update=True)
            fresh.busy_until = self._clock.now()

    async def make_out(self, row: PaymentRow) -> None:
        """A row whose maker died: adopt what the gateway has, or close it."""
        found = await self._orders.find(row)
        if found is not None:
            await self._settlement.settle(found)
        else:
            await self.give_up(row)
