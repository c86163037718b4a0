"""One bill stopped, auto-pay ended, a card removed: nothing is charged after that."""

from __future__ import annotations

from services.autopay.model import RunState
from tests.services.autopay.conftest import CONSENT, CONTACT, CONTRACT, Office


async def test_one_tap_stops_this_bill_and_only_this_one(office: Office) -> None:
    await office.told()
    stopped = await office.autopay.skip(CONTACT, CONTRACT)
    assert stopped
    assert stopped.bill == "F1"
    assert await office.autopay.skip(CONTACT, CONTRACT) is None
    await office.pass_days(5)
    assert office.charged() == []
    office.owe(days=3, number="F2")
    await office.pass_days(4)
    assert len(office.charged()) == 1


async def test_nobody_stops_another_chats_charge(office: Office) -> None:
    await office.told()
    assert await office.autopay.skip("c2", CONTRACT) is None
    assert await office.autopay.stop("c2", CONTRACT, "chat") == []
    assert (await office.run()).state == RunState.TOLD


async def test_ended_means_ended(office: Office) -> None:
    await office.told()
    (ended,) = await office.autopay.stop(CONTACT, CONTRACT, "portal")
    assert not ended.underway
    await office.pass_days(5)
    assert office.charged() == []
    assert await office.autopay.plans(CONTACT) == []


async def test_whoever_ends_it_and_begins_anew_is_told_again(office: Office) -> None:
    await office.told()
    await office.autopay.stop(CONTACT, CONTRACT, "chat")
    await office.autopay.start(CONTACT, CONTRACT, None, CONSENT)
    await office.work()
    assert (await office.run()).state == RunState.TOLD
    await office.pass_days(4)
    assert len(office.charged()) == 1


async def test_a_card_removed_while_the_gateway_is_down_is_never_charged_and_forgotten_later(office: Office) -> None:
    await office.told()
    office.vault.down = True
    (card,) = await office.autopay.cards(CONTACT)
    await office.autopay.remove_card(CONTACT, card.id)
    await office.pass_days(4)
    assert office.charged() == []
    office.vault.down = False
    assert await office.autopay.tidy() == 1
    assert office.vault.saved["cus_1"] == []


async def test_a_charge_that_waits_for_the_gateway_can_still_be_stopped(office: Office) -> None:
    await office.told()
    office.house.conekta.down = True
    await office.pass_days(3.5)
    assert (await office.run()).state == RunState.TOLD
    assert await office.autopay.skip(CONTACT, CONTRACT)
    (ended,) = await office.autopay.stop(CONTACT, CONTRACT, "chat")
    assert not ended.underway
    office.house.conekta.down = False
    await office.pass_days(2)
    assert office.charged() == []


async def test_nobody_is_promised_that_a_charge_without_an_answer_was_stopped(office: Office) -> None:
    await office.told()
    office.house.conekta.late = 1
    office.house.clock.advance(days=3)
    await office.work()
    assert await office.autopay.skip(CONTACT, CONTRACT) is None
    (ended,) = await office.autopay.stop(CONTACT, CONTRACT, "chat")
    assert ended.underway
