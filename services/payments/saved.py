"""Charges a bill to a card that the citizen saved for it: never beside another way to pay it, never blindly again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from services.clock import Clock
from services.errors import Refused, ServiceError
from services.payments import rows
from services.payments.errors import AlreadyPaid, OrderMissing, PaymentInProgress, PaymentUnknown
from services.payments.gateway import GatewayOrder
from services.payments.model import LIVE, Method, PaymentOrder, State
from services.payments.orders import Orders
from services.payments.references import Asked, References, Step
from services.payments.settlement import Settlement
from services.payments.tables import PaymentRow
from services.storage import Database

COUNTS_AS_PAID = (State.PAID, State.REVIEW)
REFUSED = "declined"


class SavedCharges:
    """One payment row a try. An earlier try that nobody answered for must be made out before the next."""

    def __init__(
        self, db: Database, clock: Clock, orders: Orders, references: References, settlement: Settlement
    ) -> None:
        self._db, self._clock = db, clock
        self._orders, self._references, self._settlement = orders, references, settlement

    async def charge(self, asked: Asked, beside: frozenset[str] = frozenset()) -> PaymentOrder:
        """The payment as it stands afterwards: paid, failed (refused) or under review.

        `beside` are payments that do not stand in the way: parts of the bill, of which this is the rest.

        Raises:
            AlreadyPaid: some payment covers the bill.
            PaymentInProgress: a try or another payment of this contract is not made out yet.
            PaymentsUnavailable, Misconfigured: the gateway is down or does not know us; nothing was charged.
            PaymentUnknown: no answer; the reconciliation finds out.
        """
        self._references.check(asked)
        await self._free_the_bill(asked, beside)
        row, step = await self._references.claim(asked)
        if step is not Step.ORDER:  # somebody else was quicker
            raise PaymentInProgress(row.id)
        if await self._live(asked.contract, but=row.id):  # asked for between our look and our claim
            await self._references.give_up(row)
            raise PaymentInProgress(row.id)
        try:
            order = await self._orders.make(row)
        except PaymentUnknown:
            raise
        except (Refused, OrderMissing):  # the card is gone, or the request is not acceptable
            await self._settlement.refuse(row.id, REFUSED)
            return await self._fresh(row)
        except ServiceError:
            await self._references.give_up(row)
            raise
        return await self._settled(row, order)

    async def _settled(self, row: PaymentRow, order: GatewayOrder) -> PaymentOrder:
        """A bank that wants to ask the citizen cannot: nobody is there. Such an order is taken back."""
        await self._settlement.settle(order)
        payment = await self._fresh(row)
        if payment.state is State.PENDING:
            await self._settlement.settle(await self._orders.withdraw(order))
            payment = await self._fresh(row)
        return payment

    async def _free_the_bill(self, asked: Asked, beside: frozenset[str]) -> None:
        """Nothing has paid it and nothing else can: what could is taken back first, whoever asked for it."""
        paid, live = await self._in(asked.contract, COUNTS_AS_PAID), await self._live(asked.contract)
        wanted = {bill.number for bill in asked.bills}
        for row in paid:
            if row.id not in beside and wanted & {bill["number"] for bill in row.bills}:
                raise AlreadyPaid(row.id)
        for row in live:
            if row.state == State.CREATING and (row.busy_until > self._clock.now() or row.method == Method.AUTO):
                raise PaymentInProgress(row.id)
        for row in live:
            try:
                await self._references.retire(row)
            except AlreadyPaid as error:  # perhaps other bills: the next look tells
                raise PaymentInProgress(row.id) from error

    async def _live(self, contract: str, but: str = "") -> list[PaymentRow]:
        """What could still be paid."""
        return [row for row in await self._in(contract, LIVE) if row.id != but]

    async def _in(self, contract: str, states: Sequence[State]) -> list[PaymentRow]:
        query = select(PaymentRow).where(PaymentRow.contract == contract, PaymentRow.state.in_(states))
        async with self._db.read() as session:
            return list(await session.scalars(query))

    async def _fresh(self, row: PaymentRow) -> PaymentOrder:
        async with self._db.read() as session:
            fresh = await session.get_one(PaymentRow, row.id)
        return rows.payment_order(fresh)
