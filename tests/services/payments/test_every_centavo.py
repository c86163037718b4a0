"""Random lives of payments: webhooks lost, doubled and shuffled, silences, late and wrong money.

Whatever happens, in the end every centavo that reached the gateway is found in our books, nothing is counted
or posted twice, and no state ever moved backwards.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from services.errors import ServiceError, Unavailable, UnknownOutcome
from services.payments import reviews
from services.payments.gateway import OrderStatus
from services.payments.model import ASKED_FOR, BillShare, Kind, Method, State
from services.payments.reviews import Decision
from services.payments.tables import PaymentRow, ReviewRow
from tests.services.payments.conftest import AMOUNT, House, build_house

RANK = {state: place for place, state in enumerate(State)}
OTHER = 12_300

steps = st.one_of(
    st.tuples(st.just("ask"), st.sampled_from([AMOUNT, OTHER]), st.integers(0, 5), st.sampled_from(ASKED_FOR)),
    st.tuples(st.sampled_from(["decline", "look"]), st.integers(0, 7)),
    st.tuples(st.sampled_from(["pay", "pay_wrong", "tell", "tell_again", "refund_event"]), st.integers(0, 7)),
    st.tuples(st.sampled_from(["swallow", "vanish", "down", "up", "sweep", "refresh", "days", "die"])),
    st.tuples(st.just("person"), st.booleans()),
    st.tuples(st.just("charge"), st.sampled_from([None, "insufficient_funds"]), st.booleans()),
    st.tuples(st.just("ledger"), st.sampled_from([None, Unavailable("down"), UnknownOutcome("?")])),
)


class Life:
    """One random life."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.highest: dict[str, int] = {}
        self.last_event: tuple[bytes, str] | None = None

    async def do(self, name: str, *values: Any) -> None:
        with suppress(ServiceError, KeyboardInterrupt):
            await getattr(self, name)(*values)
        await self.check_direction()

    async def ask(self, amount: int, key: int, method: Method = Method.CASH) -> None:
        await self.house.ask(f"k{key}", method, amount=amount, bills=[BillShare("F1", amount, f"R{amount}")])

    async def charge(self, bank: str | None, dies: bool) -> None:
        """María charges a saved card; perhaps she dies before she has written down what came of it."""
        self.house.conekta.bank = bank
        real = self.house.conekta.create_order

        async def dying(asked):
            await real(asked)
            raise KeyboardInterrupt

        self.house.conekta.create_order = dying if dies else real
        bill = BillShare("F1", AMOUNT, "R1")
        try:
            await self.house.payments.charge_saved("c1", "0048213", bill, ("cus_1", "src_1"), "auto:F1")
        finally:
            self.house.conekta.create_order = real

    async def decline(self, number: int) -> None:
        """A card is refused at the gateway's page, where an order has one and still takes cards."""
        order = self.house.conekta.orders.get(self._order(number) or "")
        if order and order.checkout_url and order.status in (OrderStatus.OPEN, OrderStatus.DECLINED):
            self.house.conekta.refuse_card(order.id, "card_declined")

    async def look(self, number: int) -> None:
        """Somebody opens a payment's page; looking settles nothing by itself."""
        rows = await self.rows()
        if rows:
            row = rows[number % len(rows)]
            before = row.state
            await self.house.payments.cards.view(row.id, ask=True)
            assert {r.id: r.state for r in await self.rows()}[row.id] == before

    def _order(self, number: int) -> str | None:
        orders = list(self.house.conekta.orders)
        return orders[number % len(orders)] if orders else None

    async def pay(self, number: int) -> None:
        if order := self._order(number):
            self.house.conekta.pay(order)

    async def pay_wrong(self, number: int) -> None:
        order = self._order(number)
        if order and self.house.conekta.orders[order].status is not OrderStatus.PAID:
            self.house.conekta.pay(order, 777 if number % 2 else 99_999)

    async def person(self, gives_back: bool) -> None:
        """An operator decides on the oldest case: about money as told, about postings as the ledger has it."""
        cases = await reviews.open_cases(self.house.db)
        if not cases:
            return
        case = cases[0]
        decision = Decision.RETURNED if gives_back else Decision.ACCEPT
        if case.posting_id is not None:
            is_booked = case.payment_id in self.house.ledger.tickets
            decision = Decision.BOOKED if is_booked or case.reason == "posting_manual" else Decision.AGAIN
        await reviews.decide(self.house.db, self.house.clock, case.id, decision, "operator")
        self.highest.pop(case.payment_id, None)  # only a person moves a payment out of its review
        await self.sweep()

    async def tell(self, number: int) -> None:
        if order := self._order(number):
            kind = "order.paid" if number % 2 else "order.expired"
            self.last_event = self.house.conekta.event(kind, order)
            await self.house.payments.handle_webhook(*self.last_event)

    async def tell_again(self, number: int) -> None:
        if self.last_event:
            await self.house.payments.handle_webhook(*self.last_event)

    async def refund_event(self, number: int) -> None:
        if order := self._order(number):
            await self.house.tell("order.canceled", order)

    async def swallow(self) -> None:
        self.house.conekta.swallow += 1

    async def vanish(self) -> None:
        self.house.conekta.vanish += 1

    async def die(self) -> None:
        """The process dies between the gateway's yes and our writing it down."""
        real = self.house.conekta.create_order

        async def dying(asked):
            await real(asked)
            raise KeyboardInterrupt

        self.house.conekta.create_order = dying
        try:
            await self.ask(AMOUNT, 0)
        finally:
            self.house.conekta.create_order = real

    async def ledger(self, error: Exception | None) -> None:
        self.house.ledger.error = error

    async def down(self) -> None:
        self.house.conekta.down = True

    async def up(self) -> None:
        self.house.conekta.down = False

    async def sweep(self) -> None:
        await self.house.payments.sweep()

    async def refresh(self) -> None:
        await self.house.payments.refresh("0048213")

    async def days(self) -> None:
        self.house.clock.advance(days=2)

    async def rows(self) -> list[PaymentRow]:
        async with self.house.db.read() as session:
            return list(await session.scalars(select(PaymentRow)))

    async def check_direction(self) -> None:
        live: set[str] = set()
        for row in await self.rows():
            rank = RANK[State(row.state)]
            before = self.highest.get(row.id, 0)
            assert rank >= before
            assert row.state != State.PAID or before < RANK[State.FAILED] or before == rank, "late money was booked"
            self.highest[row.id] = rank
            if row.state in (State.CREATING, State.PENDING):
                assert row.live_key not in live
                live.add(row.live_key)

    async def check_money(self, *, webhooks: bool) -> None:
        """Let the dust settle, hear of every order once more or of none at all, and count."""
        house = self.house
        house.conekta.down, house.conekta.swallow, house.conekta.vanish = False, 0, 0
        house.clock.advance(days=9)
        await house.payments.sweep()
        await self.check_direction()
        for late in [o.id for o in house.conekta.orders.values() if not o.paid_centavos][:1]:
            house.conekta.pay(late)
        for order in list(house.conekta.orders) if webhooks else []:
            await house.tell("order.paid", order)
        await self.house.payments.sweep()
        await self.check_direction()
        arrived = {o.id: o.paid_centavos for o in house.conekta.orders.values() if o.paid_centavos}
        rows = await self.rows()
        counted: dict[str, int] = {}
        for row in rows:
            assert not set(row.received) & set(counted)
            counted |= row.received
        assert counted == arrived
        for row in rows:
            assert row.state not in (State.CREATING, State.PENDING)
            assert (row.state in (State.PAID, State.REVIEW, State.RETURNED)) == bool(row.received)
            fits = list(row.received.values()) == [row.amount_centavos]
            assert row.state != State.PAID or fits or await self.cases(row.id), "odd money and nobody looked"
            assert row.state != State.REVIEW or await self.cases(row.id), "a review without a case"
        paid = [c.payment for c in house.changes if c.kind is Kind.PAID]
        assert len(paid) == len({payment.id for payment in paid})
        await self.check_ledger([p.id for p in paid if p.received_centavos == p.amount_centavos])

    async def cases(self, payment_id: str) -> int:
        async with self.house.db.read() as session:
            query = select(func.count()).select_from(ReviewRow).where(ReviewRow.payment_id == payment_id)
            return await session.scalar(query) or 0

    async def check_ledger(self, paid: list[str]) -> None:
        """Each payment that fits its bills reached the billing system exactly once, however its answers went."""
        self.house.ledger.error = None
        self.house.clock.advance(hours=2)
        await self.house.payments.sweep()
        assert sorted(self.house.ledger.tickets) == sorted(paid)


async def live(path: Path, story: list[tuple[Any, ...]], webhooks: bool) -> None:
    house = await build_house(path)
    try:
        life = Life(house)
        for step in story:
            await life.do(*step)
        await life.check_money(webhooks=webhooks)
    finally:
        await house.db.close()


@settings(max_examples=60, deadline=None)
@given(st.lists(steps, max_size=25), st.booleans())
def test_no_centavo_is_lost_or_counted_twice(story: list[tuple[Any, ...]], webhooks: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(live(Path(folder) / "p.db", story, webhooks))
