"""Random weeks of auto-pay: crashes, silences, refusals, references beside it, changes of mind.

Whatever happens, a bill is charged to a card at most once, never after it was paid in another way, and nothing is
charged that was not told of, that the citizen stopped, or without a consent.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.autopay.model import RunState
from services.errors import ServiceError
from services.payments.gateway import GatewayOrder, OrderStatus
from services.payments.model import BillShare, Method
from tests.services.autopay.conftest import CONSENT, CONTACT, CONTRACT, Office, build_office

AMOUNT = 48_600
steps = st.one_of(
    st.tuples(st.just("hours"), st.sampled_from([1, 7, 20])),
    st.tuples(
        st.sampled_from(
            ["work", "swallow", "vanish", "late", "lag", "down", "up", "die", "skip", "stop", "start", "tap_twice"]
        )
    ),
    st.tuples(st.just("bank"), st.sampled_from([None, "insufficient_funds"])),
    st.tuples(st.just("ask"), st.sampled_from([CONTACT, "c2"]), st.sampled_from([Method.CASH, Method.SPEI])),
    st.tuples(st.just("pay"), st.integers(0, 3)),
)


class Weeks:
    """One household, one bill, and what its people and systems do."""

    def __init__(self, office: Office) -> None:
        self.office, self.conekta = office, office.house.conekta
        self.stopped = self.skipped = False
        self.books = True  # whether the billing system has heard of what was paid

    async def do(self, name: str, *values: Any) -> None:
        before = {order.id for order in self.office.charged()}
        with suppress(ServiceError, KeyboardInterrupt):
            await getattr(self, name)(*values)
        await self.check(before)

    async def work(self) -> None:
        await self.office.work()
        self.conekta.arrive()
        if self.paid() and self.books:
            self.office.settle()

    async def hours(self, count: int) -> None:
        for _ in range(count):
            self.office.house.clock.advance(hours=1)
            await self.work()

    async def die(self) -> None:
        """The process dies after the gateway's answer and before ours is written."""
        real = self.conekta.create_order

        async def dying(asked):
            await real(asked)
            raise KeyboardInterrupt

        self.conekta.create_order = dying
        try:
            await self.hours(3)
        finally:
            self.conekta.create_order = real

    async def swallow(self) -> None:
        self.conekta.swallow = 1

    async def vanish(self) -> None:
        self.conekta.vanish = 1

    async def late(self) -> None:
        self.conekta.late = 1

    async def lag(self) -> None:
        """Payments are booked late from now on, or as they should."""
        self.books = not self.books

    async def down(self) -> None:
        self.conekta.down = True

    async def up(self) -> None:
        self.conekta.down = False

    async def bank(self, answer: str | None) -> None:
        self.conekta.bank = answer

    async def ask(self, contact: str, method: Method) -> None:
        """As the chat: only for what is owed."""
        debt = await self.office.aquasis.debt(CONTRACT)
        if debt.total > 0:
            bill = [BillShare("F1", AMOUNT, "RF1")]
            await self.office.house.ask(f"{contact}-{method}", method, contact=contact, bills=bill)

    async def pay(self, number: int) -> None:
        """Somebody goes to a till with a reference that still lives."""
        live = [o for o in self.conekta.orders.values() if o.charges and o.status is OrderStatus.OPEN]
        if live:
            self.conekta.pay(live[number % len(live)].id)

    async def skip(self) -> None:
        self.skipped = await self.office.autopay.skip(CONTACT, CONTRACT) is not None or self.skipped

    async def tap_twice(self) -> None:
        await self.skip()
        await self.skip()

    async def stop(self) -> None:
        ended = await self.office.autopay.stop(CONTACT, None, "chat")
        self.stopped = self.stopped or bool(ended)

    async def start(self) -> None:
        await self.office.autopay.start(CONTACT, CONTRACT, None, CONSENT)
        self.stopped = False

    def paid(self) -> list[GatewayOrder]:
        return [o for o in self.conekta.orders.values() if o.status is OrderStatus.PAID]

    async def check(self, before: set[str]) -> None:
        charged = self.office.charged()
        assert len(charged) <= 1, "one bill, two charges"
        new = [order for order in charged if order.id not in before]
        if not new:
            return
        (order,) = new
        others = [o for o in self.paid() if o.id != order.id]
        assert not [o for o in others if o.paid_at < order.created_at], "charged after it had been paid"
        assert not self.stopped, "charged without a consent"
        assert not self.skipped, "charged although it was stopped"
        (run,) = await self.office.runs()
        assert run.told_at + timedelta(hours=24) <= order.created_at, "charged without a day's notice"
        assert order.amount_centavos == AMOUNT

    async def end(self) -> None:
        """Everything works again; what is left comes to a definite end."""
        self.conekta.down, self.conekta.swallow, self.conekta.vanish, self.conekta.bank = False, 0, 0, None
        self.conekta.late, self.books = 0, True
        for _ in range(6 * 8):
            self.office.house.clock.advance(hours=4)
            await self.do("work")
        for run in await self.office.runs():
            assert run.state != RunState.TOLD
            assert (run.state == RunState.PAID) == bool(self.office.charged())
        paid = self.paid()
        assert len(paid) <= 1 or not self.office.charged() or self.paid_after_the_charge()

    def paid_after_the_charge(self) -> bool:
        """Only somebody who pays a bill that is paid already can make it two."""
        (charge,) = self.office.charged()
        return all(o.paid_at > charge.created_at for o in self.paid() if o.id != charge.id)


async def live(path: Path, story: list[tuple[Any, ...]]) -> None:
    office = await build_office(path)
    try:
        office.owe(days=4)
        await office.activate()
        weeks = Weeks(office)
        for step in story:
            await weeks.do(*step)
        await weeks.end()
    finally:
        await office.house.db.close()


DAYS = [("hours", 20)] * 4  # to the eve of the charge


@example([*DAYS, ("lag",), ("ask", "c2", Method.CASH), ("pay", 0), ("work",), ("hours", 20)])
@example([*DAYS, ("ask", CONTACT, Method.SPEI), ("pay", 0), ("hours", 20)])
@example([*DAYS, ("late",), ("hours", 20)])
@example([*DAYS, ("lag",), ("swallow",), ("hours", 20), ("ask", "c2", Method.CASH), ("pay", 0)])
@example([*DAYS, ("die",), ("die",), ("hours", 20)])
@settings(max_examples=25, deadline=None)
@given(st.lists(steps, max_size=14))
def test_no_bill_is_charged_twice(story: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(live(Path(folder) / "a.db", story))
