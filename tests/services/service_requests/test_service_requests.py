"""A report is kept before anybody is asked for a folio, and asked for once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from services.agora.tickets import AgoraDown, AgoraUnknown, FakeTickets
from services.aquasis.fake import FakeAquasis, contract
from services.aquasis.model import WorkOrder
from services.bootstrap import KNOWLEDGE
from services.clock import FixedClock
from services.service_requests.service import Report, RequestNotFound, RequestUnknown, ServiceRequests
from services.storage import Database

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


class World:
    def __init__(self, db: Database) -> None:
        self.aquasis, self.tickets = FakeAquasis(), FakeTickets()
        self.aquasis.add(contract("455123"))
        orders = KNOWLEDGE / "work_orders.yml"
        self.requests = ServiceRequests(db, FixedClock(NOON), self.aquasis, self.tickets, orders)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


STREET = Report(contact="c1", fault="leak", place="Nogal 8, La Cañada", latitude=20.6, longitude=-100.3)
OWN = Report(contact="c1", fault="no_water", place="Domicilio", contract="455123")


async def test_the_street_is_a_ticket_and_ones_own_contract_a_work_order(world: World) -> None:
    assert (await world.requests.create(STREET, "k1")).folio == "CEA-20401"
    own = await world.requests.create(OWN, "k2")
    assert own.folio == "O4500001"
    order = world.aquasis.orders["O4500001"]
    assert (order.service_point, order.order_type) == (600_001, 23)


async def test_the_same_turn_twice_is_one_report(world: World) -> None:
    first = await world.requests.create(STREET, "k1")
    again = await world.requests.create(STREET, "k1")
    assert first.folio == again.folio
    assert len(world.tickets.made) == 1


async def test_no_folio_is_said_while_the_outcome_is_unknown_and_nothing_is_repeated(world: World) -> None:
    world.tickets.error = AgoraUnknown()
    with pytest.raises(RequestUnknown):
        await world.requests.create(STREET, "k1")
    world.tickets.error = None
    with pytest.raises(RequestUnknown):
        await world.requests.create(STREET, "k1")
    assert world.tickets.made == []


async def test_what_surely_failed_can_be_tried_again(world: World) -> None:
    world.tickets.error = AgoraDown()
    with pytest.raises(AgoraDown):
        await world.requests.create(STREET, "k1")
    world.tickets.error = None
    assert (await world.requests.create(STREET, "k1")).folio


class Crash(BaseException):
    """The process ends here."""


async def die_at(step: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for a report, and have the process end when it gets to this step."""

    async def die(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as dying:
        dying.setattr(world.requests, step, die)
        with pytest.raises(Crash):
            await world.requests.create(OWN, "k1")


async def test_a_crash_after_it_left_makes_no_second_order(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await die_at("_settle", world, monkeypatch)
    world.requests.patience = 0.0
    with pytest.raises(RequestUnknown):
        await world.requests.create(OWN, "k1")
    assert len(world.aquasis.orders) == 1
    assert await world.requests.of("c1") == []


async def test_a_crash_before_it_left_loses_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await die_at("_begin", world, monkeypatch)
    assert (await world.requests.create(OWN, "k1")).folio == "O4500001"
    assert len(world.aquasis.orders) == 1


async def test_twins_make_one_order_and_get_the_same_folio(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = asyncio.Event()
    make = world.aquasis.create_work_order

    async def slow(order: WorkOrder) -> str:
        await answers.wait()
        return await make(order)

    monkeypatch.setattr(world.aquasis, "create_work_order", slow)
    twins = [asyncio.create_task(world.requests.create(OWN, "k1")) for _ in range(2)]
    done, _ = await asyncio.wait(twins, timeout=0.3)
    assert not done
    answers.set()
    assert {row.folio for row in await asyncio.gather(*twins)} == {"O4500001"}
    assert len(world.aquasis.orders) == 1


async def test_nobody_sees_somebody_elses_folio(world: World) -> None:
    kept = await world.requests.create(STREET, "k1")
    assert (await world.requests.find("c1", str(kept.folio))).id == kept.id
    with pytest.raises(RequestNotFound):
        await world.requests.find("c2", str(kept.folio))
