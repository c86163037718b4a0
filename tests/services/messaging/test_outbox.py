"""Written once, sent at most once, in order per contact, replies before notices."""

import asyncio
from datetime import timedelta

import pytest

from services.messaging.outbox import STATUS_WAIT
from tests.services.messaging.conftest import LUIS, House


def bodies(letters: list) -> list[str]:
    return [letter.message.body for letter in letters]


async def test_the_same_key_is_written_once(house: House) -> None:
    contact = await house.contact()
    await asyncio.gather(*(house.say(contact, "t1:0") for _ in range(5)))
    assert bodies(await house.take()) == ["t1:0"]
    assert await house.take() == []


async def test_one_contact_gets_one_at_a_time_in_order(house: House) -> None:
    contact = await house.contact()
    await house.say(contact, "a", "b")
    [first] = await house.take()
    assert first.message.body == "a"
    assert await house.take() == []
    await house.settler.accepted(first, 0, "wamid.a", last=True, file=False)
    assert bodies(await house.take()) == ["b"]


async def test_two_senders_share_the_work(house: House) -> None:
    for number in range(20):
        await house.say(await house.contact(f"52144255503{number:02}"), f"k{number}")
    taken: list = []
    for _ in range(4):
        taken += [letter for some in await asyncio.gather(*(house.take(3) for _ in range(12))) for letter in some]
    assert len({letter.id for letter in taken}) == len(taken) == 20


async def test_replies_go_before_notices(house: House) -> None:
    rosa, luis = await house.contact(), await house.contact(LUIS)
    await house.say(rosa, "notice", priority=2)
    await house.say(luis, "urgent", priority=1)
    await house.say(rosa, "reply")
    assert bodies(await house.take()) == ["reply", "urgent"]


async def test_a_refused_message_holds_back_the_ones_behind(house: House) -> None:
    contact = await house.contact()
    await house.say(contact, "a", "b")
    [letter] = await house.take()
    await house.settler.later(letter, timedelta(seconds=10), "131056")
    assert await house.take() == []
    house.clock.advance(seconds=11)
    [again] = await house.take()
    assert (again.message.body, again.attempts) == ("a", 1)


async def test_a_notice_for_tomorrow_holds_back_nothing(house: House) -> None:
    contact = await house.contact()
    await house.say(contact, "tomorrow", priority=1, later=86_400)
    await house.say(contact, "today", priority=1)
    assert bodies(await house.take()) == ["today"]


async def test_after_a_file_the_next_waits_for_its_status(house: House) -> None:
    contact = await house.contact()
    await house.say(contact, "file", "text")
    [letter] = await house.take()
    await house.settler.accepted(letter, 0, "wamid.f", last=True, file=True)
    assert await house.take() == []
    await house.status("wamid.f", "sent", callback=str(letter.id))
    assert bodies(await house.take()) == ["text"]


async def test_after_a_file_the_next_waits_one_second_at_most(house: House) -> None:
    contact = await house.contact()
    await house.say(contact, "file", "text")
    [letter] = await house.take()
    await house.settler.accepted(letter, 0, "wamid.f", last=True, file=True)
    house.clock.advance(seconds=1.1)
    assert bodies(await house.take()) == ["text"]


async def test_a_lost_answer_is_settled_by_the_status(house: House) -> None:
    contact = await house.contact()
    await house.say(contact, "a", "b")
    [letter] = await house.take()
    await house.settler.unknown(letter, "ReadTimeout")
    assert await house.take() == []
    await house.status("wamid.a", "sent", callback=str(letter.id))
    [proved] = await house.take()
    assert (proved.id, proved.part) == (letter.id, 1)
    await house.settler.already_sent(proved)
    row = await house.row("a")
    assert (row.status, row.provider_id, row.delivery) == ("sent", "wamid.a", "sent")


async def test_a_lost_answer_without_status_is_tried_again(house: House) -> None:
    contact = await house.contact()
    await house.say(contact, "a")
    [letter] = await house.take()
    await house.settler.unknown(letter, "ReadTimeout")
    house.clock.advance(seconds=STATUS_WAIT.total_seconds() + 1)
    [again] = await house.take()
    assert (again.part, again.attempts) == (0, 1)


async def test_a_dead_senders_letter_is_not_sent_again_at_once(house: House) -> None:
    contact = await house.contact()
    await house.say(contact, "a")
    [letter] = await house.take()
    house.clock.advance(seconds=61)
    assert await house.take() == []
    await house.status("wamid.a", "delivered", callback=str(letter.id))
    [proved] = await house.take()
    assert proved.part == 1


@pytest.mark.parametrize(
    ("states", "ends"),
    [
        (["read", "delivered", "sent"], "read"),
        (["sent", "failed", "delivered"], "delivered"),
        (["delivered", "failed"], "delivered"),
        (["sent", "warning", "failed"], "failed"),
    ],
)
async def test_delivery_never_goes_backwards(house: House, states: list[str], ends: str) -> None:
    contact = await house.contact()
    await house.say(contact, "a")
    [letter] = await house.take()
    await house.settler.accepted(letter, 0, "wamid.a", last=True, file=False)
    for state in [*states, *states]:
        await house.status("wamid.a", state, error="131026" if state == "failed" else None)
    assert (await house.row("a")).delivery == ends


async def test_a_strangers_status_changes_nothing(house: House) -> None:
    await house.status("wamid.unknown", "sent", callback="not-ours")
    await house.status("wamid.unknown", "read", callback="999999")


async def test_a_failure_that_passes_is_sent_once_more(house: House) -> None:
    contact = await house.contact()
    await house.say(contact, "a")
    [letter] = await house.take()
    await house.settler.accepted(letter, 0, "wamid.a", last=True, file=False)
    await house.status("wamid.a", "failed", error="130429", again=True)
    assert await house.take() == []
    house.clock.advance(seconds=9)
    [again] = await house.take()
    assert again.id == letter.id
    await house.settler.accepted(again, 0, "wamid.b", last=True, file=False)
    await house.status("wamid.a", "failed", error="130429", again=True)
    row = await house.row("a")
    assert (row.status, row.provider_id, row.delivery) == ("sent", "wamid.b", None)


async def test_what_the_last_turn_offered(house: House) -> None:
    contact = await house.contact()
    assert not await house.outbox.has_spoken(contact)
    await house.say(contact, "t1:0", "t1:1")
    await house.say(contact, "notice", priority=1)
    assert await house.outbox.has_spoken(contact)
    assert [message.body for message in await house.outbox.offered(contact)] == ["t1:0", "t1:1"]
