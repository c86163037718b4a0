"""Makes a reference: never two for the same thing, and never a blind repeat (payments.md 9)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from enum import Enum, auto

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

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
)
from services.payments.gateway import Gateway, GatewayOrder, NewOrder, OrderStatus
from services.payments.model import LIVE, BillShare, Method, Reference, State
from services.payments.rules import Limits
from services.payments.settlement import Settlement
from services.payments.tables import PaymentRow
from services.storage import Database
from services.storage.base import new_id

LEASE = timedelta(minutes=2)
ROUNDS = 3  # a row that ends between two looks is looked for again, not for ever
PATIENCE = (1.0, 3.0)  # seconds before each look after an answer that did not come


@dataclass(frozen=True)
class Asked:
    """A reference that somebody wants."""

    contact_id: str
    contract: str
    method: Method
    amount_centavos: int
    bills: tuple[BillShare, ...]
    request_key: str

    @property
    def live_key(self) -> str:
        """What may live only once."""
        return rows.live_key(self.contact_id, self.contract, self.method, self.amount_centavos)


@dataclass(frozen=True)
class Payer:
    """Whom the order names: CEA's own addresses, for Conekta wants some and need not know the citizen's."""

    title: str
    email: str
    phone: str


class Step(Enum):
    """What is to be done with a row that has been claimed."""

    ORDER = auto()
    LOOK_FIRST = auto()
    KNOWN = auto()


class References:
    """The way from a wish to a reference."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        gateway: Gateway,
        settlement: Settlement,
        limits: Limits,
        payer: Payer,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._db, self._clock, self._gateway, self._settlement = db, clock, gateway, settlement
        self._limits, self._payer, self._sleep = limits, payer, sleep

    async def create(self, asked: Asked) -> Reference:
        """A live reference is given again; one that is over is retired and a new one made."""
        self._check(asked)
        for _ in range(ROUNDS):
            row, step = await self._claim(asked)
            if step is Step.KNOWN:
                if alive := await self.look_again(row):
                    return alive
                continue
            found = await self.found(row) if step is Step.LOOK_FIRST else None
            return await self._adopt(row, found or await self._order(row))
        raise PaymentsUnavailable(asked.request_key)

    def _check(self, asked: Asked) -> None:
        most = self._limits.most_cash if asked.method is Method.CASH else self._limits.most_spei
        if asked.amount_centavos < self._limits.least:
            raise AmountTooSmall(limit_centavos=self._limits.least)
        if asked.amount_centavos > most:
            raise AmountTooLarge(limit_centavos=most)

    async def _claim(self, asked: Asked) -> tuple[PaymentRow, Step]:
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
                row = self._new_row(asked, now)
                session.add(row)
                return row, Step.ORDER
            step = self._next_step(row, now)
            if step is Step.LOOK_FIRST:
                row.busy_until = now + LEASE
            return row, step

    @staticmethod
    def _next_step(row: PaymentRow, now: datetime) -> Step:
        if row.state in (State.PAID, State.REVIEW):
            raise AlreadyPaid(row.id)
        if row.state == State.PENDING:
            return Step.KNOWN
        if row.busy_until > now:
            raise PaymentInProgress(row.id)
        return Step.LOOK_FIRST

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
            details={},
            received={},
            created_at=now,
            busy_until=now + LEASE,
            expires_at=self._expiry(),
        )

    def _expiry(self) -> datetime:
        """The end of a day, so that a date can be said without an hour."""
        day = self._clock.today() + timedelta(days=self._limits.days)
        return datetime.combine(day, time(23, 59, 59), self._clock.zone)

    async def _order(self, row: PaymentRow) -> GatewayOrder:
        """Ask; after silence look, and only ask again when it is surely not there."""
        asked = NewOrder(
            our_id=row.id,
            method=Method(row.method),
            amount_centavos=row.amount_centavos,
            expires_at=row.expires_at,
            title=f"{self._payer.title} {row.contract}",
            payer_name=f"{self._payer.title} {row.contract}",
            payer_email=self._payer.email,
            payer_phone=self._payer.phone,
        )
        for _ in range(2):
            try:
                return await self._gateway.create_order(asked)
            except PaymentUnknown:
                if found := await self._after_silence(row):
                    return found
            except ServiceError:
                await self._give_up(row)
                raise
        await self._let_go(row)
        raise PaymentUnknown(row.id)

    async def _after_silence(self, row: PaymentRow) -> GatewayOrder | None:
        """What became of the call. Not being able to look is not the same as its not being there."""
        for wait in PATIENCE:
            await self._sleep(wait)
            try:
                found = await self.found(row)
            except PaymentsUnavailable as error:
                await self._let_go(row)
                raise PaymentUnknown(row.id) from error
            if found is not None:
                return found
        return None

    async def found(self, row: PaymentRow) -> GatewayOrder | None:
        """The order that carries our id. Of several the paid or the oldest counts, the rest are cancelled."""
        orders = await self._gateway.find(row.id, row.created_at)
        orders.sort(key=lambda o: (o.status is not OrderStatus.PAID, o.status is not OrderStatus.OPEN, o.created_at))
        for spare in orders[1:]:
            if spare.status is OrderStatus.OPEN:
                with suppress(ServiceError):
                    await self._gateway.cancel(spare.id)
        return orders[0] if orders else None

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
            order = await self._gateway.order(row.order_id or "")
            if over and order.status in (OrderStatus.OPEN, OrderStatus.DECLINED):
                order = await self._gateway.cancel(order.id)
        except OrderMissing:
            await self._give_up(row)
            return None
        except PaymentsUnavailable:
            if over:
                raise
            return rows.reference(row, repeated=True)
        await self._settlement.settle(order)
        fresh = await self._fresh(row)
        return rows.reference(fresh, repeated=True) if fresh.state == State.PENDING and not over else None

    async def _fresh(self, row: PaymentRow) -> PaymentRow:
        async with self._db.read() as session:
            fresh = await session.get_one(PaymentRow, row.id)
        if fresh.state in (State.PAID, State.REVIEW):
            raise AlreadyPaid(row.id)
        return fresh

    async def _give_up(self, row: PaymentRow) -> None:
        """The order was surely not made, or is gone."""
        async with self._db.begin() as session:
            fresh = await session.get_one(PaymentRow, row.id, with_for_update=True)
            if fresh.state in LIVE:
                rows.move(fresh, State.FAILED)

    async def _let_go(self, row: PaymentRow) -> None:
        """We do not know; whoever comes next may look at once."""
        async with self._db.begin() as session:
            fresh = await session.get_one(PaymentRow, row.id, with_for_update=True)
            fresh.busy_until = self._clock.now()

    async def make_out(self, row: PaymentRow) -> None:
        """A row whose maker died: adopt what the gateway has, or close it."""
        found = await self.found(row)
        if found is not None:
            await self._settlement.settle(found)
        else:
            await self._give_up(row)
