"""Periods, balances, consumption and its chart."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from services.aquasis.fake import FakeAquasis, contract
from services.aquasis.model import Bill, BillState, Consumption, ServicePoint, ServiceState
from services.billing.chart import draw
from services.billing.consumption import NoConsumption, understand
from services.billing.periods import Period, resolve, span
from services.billing.service import Balance, Billing, BillNotFound
from services.bootstrap import DATA
from services.clock import FixedClock
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("symbol", "period"),
    [
        ("month:01", Period(date(2026, 1, 1))),
        ("month:12", Period(date(2025, 12, 1))),
        ("month:2024-03", Period(date(2024, 3, 1))),
        ("relative:-1", Period(date(2026, 10, 1))),
        ("relative:-11", Period(date(2025, 12, 1))),
        ("last", Period()),
        ("last:6", Period(count=6)),
        (None, Period()),
        ("month:77", Period()),
        ("whatever", Period()),
        ("year:2025", Period(count=12, year=2025)),
    ],
)
def test_months_said_relatively(symbol: str | None, period: Period) -> None:
    assert resolve(symbol, TODAY) == period


@pytest.mark.parametrize(
    ("symbol", "first", "last"),
    [
        ("year:2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("month:02", date(2026, 2, 1), date(2026, 2, 28)),
        ("relative:-1", date(2026, 10, 1), date(2026, 10, 31)),
        ("month:2024-12", date(2024, 12, 1), date(2024, 12, 31)),
        ("last:6", date(2026, 6, 1), TODAY),
    ],
)
def test_a_period_has_a_first_and_a_last_day(symbol: str, first: date, last: date) -> None:
    assert span(symbol, TODAY) == (first, last)


@pytest.mark.parametrize("symbol", [None, "last", "whatever", "month:13"])
def test_what_names_no_period_filters_nothing(symbol: str | None) -> None:
    assert span(symbol, TODAY) is None


@given(st.one_of(st.text(max_size=30), st.from_regex(r"(year|month|relative|last):-?[0-9]{1,12}", fullmatch=True)))
def test_any_symbol_gives_a_period(symbol: str) -> None:
    assert resolve(symbol, TODAY).count >= 1
    span(symbol, TODAY)


def months(*water: int) -> tuple[Consumption, ...]:
    first = 2026 * 12 + 10 - len(water)
    return tuple(Consumption(date((first + i) // 12, (first + i) % 12 + 1, 1), cubic) for i, cubic in enumerate(water))


def test_a_leak_like_rise_is_unusual_and_a_few_cubic_metres_are_not() -> None:
    assert understand(months(*[14] * 23, 34)).is_unusual
    assert not understand(months(*[14] * 23, 17)).is_unusual
    assert not understand(months(*[2] * 23, 5)).is_unusual
    assert not understand(months(14)).is_unusual


def test_a_summer_garden_does_not_raise_the_usual() -> None:
    assert understand(months(18, 19, 24, 31, 44, 52, 49, 40, 30, 22, 19, 18, 18)).usual == 27


def test_no_months_is_said_as_such() -> None:
    with pytest.raises(NoConsumption):
        understand(())


@pytest.mark.parametrize("count", [1, 2, 4, 13, 24])
def test_the_chart_is_a_small_png_whatever_the_history(count: int) -> None:
    texts, clock = Texts(DATA / "texts.yml"), FixedClock(NOON)
    picture = draw(understand(months(*range(10, 10 + count))), Formats(clock, texts), texts)
    image = Image.open(BytesIO(picture))
    assert image.format == "PNG"
    assert len(picture) < 100_000
    assert image.width >= 700


def bill(month: date, amount: str, state: BillState, due: date | None = None) -> Bill:
    return Bill(f"{month:%Y%m}", month, Decimal(amount), state, due=due)


@pytest.fixture
def aquasis() -> FakeAquasis:
    made = FakeAquasis()
    october = bill(date(2026, 10, 1), "486.00", BillState.PENDING, date(2026, 12, 11))
    september = bill(date(2026, 9, 1), "448.50", BillState.OVERDUE, date(2026, 11, 11))
    made.add(contract("455123"), "934.50", bills=(september, october))
    made.bill_lists["455123"] = (
        bill(date(2026, 10, 1), "486.00", BillState.PENDING),
        bill(date(2026, 9, 1), "448.50", BillState.OVERDUE),
        bill(date(2026, 8, 1), "400.00", BillState.PAID),
    )
    return made


async def test_the_balance_splits_what_is_overdue(aquasis: FakeAquasis) -> None:
    balance = await Billing(aquasis, FixedClock(NOON)).balance("455123")
    assert balance.total == Decimal("934.50")
    assert balance.overdue_total == Decimal("448.50")
    assert balance.due == date(2026, 12, 11)
    assert not balance.is_cut


async def test_a_cut_off_is_seen(aquasis: FakeAquasis) -> None:
    aquasis.states["455123"] = ServiceState.CUT_FOR_DEBT
    assert (await Billing(aquasis, FixedClock(NOON)).balance("455123")).is_cut


async def test_the_amount_does_not_wait_for_whether_water_flows(aquasis: FakeAquasis) -> None:
    answered = asyncio.Event()

    class Slow(FakeAquasis):
        async def service_point(self, number: str) -> ServicePoint:
            await answered.wait()
            return await FakeAquasis.service_point(self, number)

    slow = Slow(contracts=aquasis.contracts, debts=aquasis.debts, states={"455123": ServiceState.CUT_FOR_DEBT})
    billing = Billing(slow, FixedClock(NOON), patience=0.05)
    balance = await billing.balance("455123")
    assert (balance.total, balance.service, balance.unfinished) == (
        Decimal("934.50"),
        ServiceState.UNKNOWN,
        True,
    )
    answered.set()
    assert await billing.service_state("455123") is ServiceState.CUT_FOR_DEBT


async def test_bills_by_month_and_by_count(aquasis: FakeAquasis) -> None:
    billing = Billing(aquasis, FixedClock(NOON))
    last = await billing.find_bills("455123", None)
    assert [b.month.month for b in last] == [10]
    assert last[0].due == date(2026, 12, 11)
    assert [b.month.month for b in await billing.find_bills("455123", "last:6")] == [10, 9, 8]
    assert [b.month.month for b in await billing.find_bills("455123", "month:08")] == [8]
    with pytest.raises(BillNotFound):
        await billing.find_bills("455123", "month:2020-01")


def test_a_bill_that_was_just_paid_in_full_is_not_owed_any_longer() -> None:
    october = Bill("F-10", date(2026, 10, 1), Decimal("244.76"), BillState.PENDING)
    november = Bill("F-11", date(2026, 11, 1), Decimal("100.00"), BillState.PENDING)
    owed = Balance("0048213", Decimal("344.76"), (october, november), ServiceState.ACTIVE, blocked=False)
    assert owed.without([("F-10", 24476)]) == Balance(
        "0048213", Decimal("100.00"), (november,), ServiceState.ACTIVE, blocked=False
    )
    assert owed.without([("F-10", 24475), ("F-12", 10000)]) == owed  # a part, or a bill that is gone, changes nothing
