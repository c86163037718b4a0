"""A consent, the card it waits for, and the cards of a chat."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from services.autopay.errors import AutopayElsewhere, CardRefused, TooManyCards
from services.autopay.model import RunState
from services.autopay.tables import AutopayPlanRow
from services.payments.errors import Misconfigured
from tests.services.autopay.conftest import CONSENT, CONTACT, CONTRACT, Office


async def test_a_second_chat_cannot_pay_the_same_contract(office: Office) -> None:
    await office.activate()
    await office.autopay.start("c2", CONTRACT, None, CONSENT)
    assert await office.autopay.add_card("c2", "tok_visa_1111") == []
    with pytest.raises(AutopayElsewhere):
        await office.autopay.start("c2", CONTRACT, None, CONSENT)
    assert len(await office.autopay.plans(CONTACT)) == 1


async def test_a_consent_does_not_wait_for_its_card_for_ever(office: Office) -> None:
    await office.autopay.start(CONTACT, CONTRACT, None, CONSENT)
    office.house.clock.advance(hours=25)
    assert await office.autopay.add_card(CONTACT, "tok_visa_4242") == []


async def test_words_and_moment_of_the_consent_are_kept_when_it_is_over(office: Office) -> None:
    await office.activate()
    given = office.house.clock.now()
    office.house.clock.advance(days=30)
    await office.autopay.stop(CONTACT, None, "chat")
    async with office.house.db.read() as session:
        row = (await session.scalars(select(AutopayPlanRow))).one()
    assert (row.consent_text, row.consent_version, row.consented_at) == (CONSENT.text, CONSENT.version, given)
    assert (row.stopped_from, row.live_key) == ("chat", None)


async def test_a_new_consent_takes_over_what_was_told(office: Office) -> None:
    await office.told()
    await office.autopay.start(CONTACT, CONTRACT, 40_000, CONSENT)
    await office.pass_days(4)
    run = await office.run()
    assert (run.state, run.reason, office.charged()) == (RunState.NOT_CHARGED, "cap", [])


async def test_cards_several_default_and_removed(office: Office) -> None:
    await office.activate()
    office.house.clock.advance(seconds=1)
    await office.autopay.add_card(CONTACT, "tok_mastercard_4444")
    newest, oldest = await office.autopay.cards(CONTACT)
    assert (newest.last4, newest.is_default, oldest.is_default) == ("4444", True, False)
    assert await office.autopay.choose_card(CONTACT, oldest.id)
    assert not await office.autopay.choose_card("c2", oldest.id)
    assert not await office.autopay.remove_card("c2", oldest.id)
    assert (await office.autopay.plans(CONTACT))[0].card == (await office.autopay.cards(CONTACT))[1]
    assert await office.autopay.remove_card(CONTACT, oldest.id)
    (left,) = await office.autopay.cards(CONTACT)
    assert (left.last4, left.is_default) == ("4444", True)
    assert [card.last4 for card in office.vault.saved["cus_1"]] == ["4444"]
    await office.autopay.remove_card(CONTACT, left.id)
    assert await office.autopay.plans(CONTACT) == []


async def test_a_card_that_was_saved_without_an_answer_is_found(office: Office) -> None:
    office.vault.swallow = 1
    await office.activate()
    assert [card.last4 for card in await office.autopay.cards(CONTACT)] == ["4242"]


async def test_a_token_works_once_and_five_cards_are_enough(office: Office) -> None:
    await office.activate()
    with pytest.raises(CardRefused):
        await office.autopay.add_card(CONTACT, "tok_visa_4242")
    for number in range(4):
        await office.autopay.add_card(CONTACT, f"tok_visa_000{number}")
    with pytest.raises(TooManyCards):
        await office.autopay.add_card(CONTACT, "tok_visa_9999")


async def test_a_key_that_the_gateway_does_not_know_is_no_refused_card(office: Office) -> None:
    await office.activate()
    office.vault.stranger = True
    with pytest.raises(Misconfigured):
        await office.autopay.add_card(CONTACT, "tok_visa_1111")
