"""Stored once, whatever the provider repeats; due when the burst is over."""

import asyncio

import pytest

from services.messaging.inbound import AliasChange, Kind, Sender
from services.messaging.ingest import Delivery, Ingest
from tests.services.messaging.conftest import LUIS, ROSA, House


async def test_a_repeat_changes_nothing(house: House) -> None:
    message = house.message()
    assert (await house.hear(message)).fresh == 1
    again = await house.hear(message)
    assert (again.fresh, again.repeats) == (0, 1)
    assert len(await house.inbox_rows()) == 1


async def test_the_same_message_at_the_same_time_from_two_processes(house: House) -> None:
    other = Ingest(house.database, house.clock, house.ingest.bell, wall=house.clock)
    message = house.message()
    both = [ingest.store(Delivery([message])) for ingest in (house.ingest, other) for _ in range(10)]
    assert sum(stored.fresh for stored in await asyncio.gather(*both)) == 1
    assert len(await house.inbox_rows()) == 1
    assert len({row.contact_id for row in await house.inbox_rows()}) == 1


async def test_a_batch_with_repeats_inside(house: House) -> None:
    first, second = house.message("uno"), house.message("dos", LUIS)
    stored = await house.hear(first, second, first)
    assert (stored.fresh, stored.repeats) == (2, 1)


async def test_many_deliveries_at_once_lose_nothing(house: House) -> None:
    messages = [house.message(f"m{n}", f"52144255501{n % 20:02}") for n in range(200)]
    stored = await asyncio.gather(*(house.hear(message) for message in messages))
    assert sum(one.fresh for one in stored) == 200
    assert len({row.contact_id for row in await house.inbox_rows()}) == 20


async def test_a_message_from_nobody_is_left_out(house: House) -> None:
    assert (await house.hear(house.message(sender=Sender()))).fresh == 0


async def test_system_messages_are_kept_but_wake_nobody(house: House) -> None:
    await house.hear(house.message(None, kind=Kind.SYSTEM))
    assert await house.inbox.next_due() is None
    assert [row.status for row in await house.inbox_rows()] == ["ignored"]


@pytest.mark.parametrize(
    ("text", "kind", "seconds"),
    [
        ("hola", Kind.TEXT, 1.0),
        ("cuánto debo del 455123", Kind.TEXT, 0.0),
        ("455123", Kind.TEXT, 0.25),
        ("quiero saber cuánto debo", Kind.TEXT, 0.25),
        ("Pagar", Kind.TAP, 0.0),
        (None, Kind.LOCATION, 0.0),
    ],
)
async def test_how_long_a_burst_is_waited_for(house: House, text: str | None, kind: Kind, seconds: float) -> None:
    contact = (await house.hear(house.message(text, kind=kind))).contacts[0]
    assert await house.due_in(contact) == pytest.approx(seconds)


async def test_each_short_message_renews_the_wait_up_to_three_seconds(house: House) -> None:
    contact = await house.contact()
    for _ in range(2):
        house.clock.advance(seconds=0.9)
        await house.hear(house.message("una"))
        assert await house.due_in(contact) == pytest.approx(1.0)
    house.clock.advance(seconds=0.9)
    await house.hear(house.message("pregunta"))
    assert await house.due_in(contact) == pytest.approx(0.0)


async def test_a_tap_ends_the_waiting(house: House) -> None:
    contact = await house.contact()
    await house.hear(house.message("Pagar", kind=Kind.TAP, tap_id="/payment_reference"))
    assert await house.due_in(contact) == pytest.approx(0.0)


async def test_a_new_number_keeps_the_contact(house: House) -> None:
    contact = await house.contact()
    change = AliasChange(kind="phone", old=ROSA, new=LUIS)
    message = house.message(phone=LUIS)
    await house.ingest.store(Delivery(changes=[change]))
    assert (await house.hear(message)).contacts == [contact]
    assert (await house.contacts.get(contact)).phone == LUIS
    assert await house.contact(ROSA) != contact
