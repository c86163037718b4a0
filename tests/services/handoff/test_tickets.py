"""A ticket left instead of waiting: one in AGORA, whatever comes twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from services.agora.tickets import AgoraDown, AgoraUnknown, FakeTickets, Ticket
from services.clock import FixedClock
from services.handoff.tickets import AGAIN, LeftTickets
from services.storage import Database

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
WISH = Ticket("Pide hablar con una persona", "…", "medium", "general")
CALL = replace(WISH, title="Pide una llamada")


@dataclass
class World:
    agora: FakeTickets
    clock: FixedClock
    left: LeftTickets


@pytest.fixture
def world(database: Database) -> World:
    agora, clock = FakeTickets(), FixedClock(NOON)
    return World(agora, clock, LeftTickets(database, clock, agora))


async def test_a_replayed_turn_and_a_second_tap_are_one_ticket(world: World) -> None:
    first = await world.left.leave("c1", "t1", WISH)
    assert await world.left.leave("c1", "t1", WISH) == first
    assert await world.left.leave("c1", "t2", WISH) == first
    assert world.agora.made == [WISH]


async def test_another_wish_another_person_and_another_day_are_other_tickets(world: World) -> None:
    folios = [await world.left.leave("c1", "t1", WISH), await world.left.leave("c1", "t2", CALL)]
    folios.append(await world.left.leave("c2", "t3", WISH))
    world.clock.moment = NOON + AGAIN + timedelta(seconds=1)
    folios.append(await world.left.leave("c1", "t4", WISH))
    assert len(set(folios)) == len(world.agora.made) == 4


async def test_what_left_without_an_answer_is_not_asked_again(world: World) -> None:
    world.agora.error = AgoraUnknown()
    with pytest.raises(AgoraUnknown):
        await world.left.leave("c1", "t1", WISH)
    world.agora.error = None
    with pytest.raises(AgoraUnknown):
        await world.left.leave("c1", "t1", WISH)
    assert world.agora.made == []


async def test_a_crash_while_it_leaves_is_not_repeated_blindly(world: World) -> None:
    world.agora.error = RuntimeError()  # the process ends before anything is written down
    with pytest.raises(RuntimeError):
        await world.left.leave("c1", "t1", WISH)
    world.agora.error = None
    with pytest.raises(AgoraUnknown):
        await world.left.leave("c1", "t1", WISH)
    assert world.agora.made == []


async def test_what_surely_failed_can_be_tried_again(world: World) -> None:
    world.agora.error = AgoraDown()
    with pytest.raises(AgoraDown):
        await world.left.leave("c1", "t1", WISH)
    world.agora.error = None
    assert await world.left.leave("c1", "t1", WISH)
