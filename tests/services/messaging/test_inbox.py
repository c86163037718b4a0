"""One worker at a time per conversation; what a dead one held, another finishes."""

import asyncio
from datetime import timedelta

import pytest

from services.messaging.inbound import Kind
from services.messaging.inbox import Claim, LostLease
from tests.services.messaging.conftest import LUIS, House


async def claim_one(house: House, contact: str | None = None) -> Claim:
    if contact is None:
        await house.contact()
    house.clock.advance(seconds=2)
    [claim] = await house.inbox.claim(5)
    return claim


async def finish(house: House, claim: Claim, ids: list[int]) -> bool:
    async with house.database.begin() as session:
        await house.inbox.close(session, claim, ids)
        return await house.inbox.release(session, claim)


async def test_not_before_it_is_due(house: House) -> None:
    await house.contact()
    assert await house.inbox.claim(5) == []
    house.clock.advance(seconds=1.1)
    assert len(await house.inbox.claim(5)) == 1


async def test_a_held_conversation_is_nobody_elses(house: House) -> None:
    await claim_one(house)
    await house.hear(house.message("otra", kind=Kind.TAP))
    house.clock.advance(seconds=5)
    assert await house.inbox.claim(5) == []


async def test_workers_at_once_never_share_a_contact(house: House) -> None:
    for number in range(30):
        await house.contact(f"52144255502{number:02}")
    house.clock.advance(seconds=2)
    taken = [c for claims in await asyncio.gather(*(house.inbox.claim(4) for _ in range(12))) for c in claims]
    assert len(taken) == 30
    assert len({claim.contact for claim in taken}) == 30


async def test_a_dead_workers_lease_runs_out(house: House) -> None:
    dead = await claim_one(house)
    house.clock.advance(seconds=61)
    [heir] = await house.inbox.claim(5)
    items = await house.inbox.pending(heir)
    assert heir.contact == dead.contact
    assert [item.message.text for item in items] == ["hola"]
    with pytest.raises(LostLease):
        await finish(house, dead, [item.id for item in items])
    assert await finish(house, heir, [item.id for item in items]) is False


async def test_a_renewed_lease_holds(house: House) -> None:
    claim = await claim_one(house)
    house.clock.advance(seconds=50)
    await house.inbox.renew(claim)
    house.clock.advance(seconds=50)
    assert await house.inbox.claim(5) == []


async def test_what_came_meanwhile_is_not_overlooked(house: House) -> None:
    claim = await claim_one(house)
    items = await house.inbox.pending(claim)
    await house.hear(house.message("y otra cosa"))
    assert await finish(house, claim, [item.id for item in items]) is True
    house.clock.advance(seconds=2)
    [again] = await house.inbox.claim(5)
    assert [item.message.text for item in await house.inbox.pending(again)] == ["y otra cosa"]


async def test_nothing_left_is_never_due(house: House) -> None:
    claim = await claim_one(house)
    await finish(house, claim, [item.id for item in await house.inbox.pending(claim)])
    assert await house.inbox.next_due() is None
    house.clock.advance(hours=1)
    assert await house.inbox.claim(5) == []


async def test_backing_off_keeps_the_messages(house: House) -> None:
    claim = await claim_one(house)
    ids = [item.id for item in await house.inbox.pending(claim)]
    await house.inbox.back_off(claim, timedelta(seconds=30), ids)
    assert await house.inbox.claim(5) == []
    house.clock.advance(seconds=31)
    [again] = await house.inbox.claim(5)
    assert again.attempts == 1
    assert [item.attempts for item in await house.inbox.pending(again)] == [1]


async def test_messages_come_in_the_order_they_were_sent(house: House) -> None:
    later = house.message("segundo", sent_at=house.clock.now() + timedelta(seconds=3))
    sooner = house.message("primero", sent_at=house.clock.now())
    await house.hear(later)
    await house.hear(sooner, house.message("ajeno", LUIS))
    house.clock.advance(seconds=4)
    claims = await house.inbox.claim(5)
    texts = [[item.message.text for item in await house.inbox.pending(claim)] for claim in claims]
    assert sorted(texts) == [["ajeno"], ["primero", "segundo"]]
