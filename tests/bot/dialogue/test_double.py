"""Two requests in one message: both are served, one after the other, each with its own contract and details."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.dialogue.turn import Turn

from .conftest import Talk

NEXT = "utter_next_request"
BALANCE, BILL = "balance_inquiry", "bill_request"


def half(intent: str, text: str = "…", confidence: float = 0.9, **entities: Any) -> Turn:
    return Turn(intent, confidence, entities, text, ((intent, confidence),))


def test_both_are_served_one_after_the_other(talk: Talk) -> None:
    asked = talk.say(BALANCE, halves=(half(BALANCE), half("consumption_check")))
    assert asked == ["action_ask_contract"]
    assert talk.say("inform", contract_number="455123") == [
        "action_check_contract",
        "action_balance",
        NEXT,
        "action_consumption",
    ]
    assert talk.state.frame is None
    assert talk.state.aside == []


def test_the_second_asks_for_what_it_needs_on_its_own(talk: Talk) -> None:
    done = talk.say(BALANCE, halves=(half(BALANCE, contract_number="455123"), half(BILL)))
    assert done == ["action_check_contract", "action_balance", NEXT, "action_ask_contact"]
    assert talk.state.frame and talk.state.frame.errand == BILL
    assert talk.state.frame.contract == "455123"


def test_each_keeps_its_own_contract_and_its_own_words(talk: Talk) -> None:
    first, second = half(BALANCE, contract_number="455123"), half("consumption_check", contract_number="998877")
    done = talk.say(BALANCE, halves=(first, second), contract_number="455123")
    assert done == ["action_check_contract", "action_balance", NEXT, "action_check_contract", "action_consumption"]
    assert talk.state.last and talk.state.last.contract == "998877"


def test_a_contract_said_once_at_the_end_is_meant_for_both(talk: Talk) -> None:
    done = talk.say(BALANCE, halves=(half(BALANCE), half("consumption_check", contract_number="455123")))
    assert done[:2] == ["action_check_contract", "action_balance"]
    assert talk.state.last and talk.state.last.contract == "455123"


def test_the_details_of_the_second_are_not_asked_again(talk: Talk) -> None:
    report = half("service_request", "reportar una fuga en la calle", service_request_type="leak", leak_where="street")
    done = talk.say(BALANCE, halves=(half(BALANCE, contract_number="455123"), report))
    assert done[1:] == ["action_balance", NEXT, "action_settle_scope", "action_ask_place"]
    assert talk.state.frame and talk.state.frame.details["said"] == "reportar una fuga en la calle"


def test_what_was_under_way_before_is_offered_after_both(talk: Talk) -> None:
    talk.say("profile_update", contract_number="455123")
    done = talk.say(BALANCE, halves=(half(BALANCE), half("consumption_check")))
    assert done == ["action_balance", NEXT, "action_consumption", "utter_resume_profile_update"]


def test_an_interruption_of_the_first_leaves_the_second_waiting(talk: Talk) -> None:
    talk.say(BILL, halves=(half(BILL, contract_number="455123"), half("consumption_check")))
    done = talk.say("tariff_question")
    assert done[-1] == "utter_resume_bill_request"
    talk.say("affirm", confidence=1.0)
    done = talk.say("inform", phone="4425550163")
    assert done == ["action_check_contact", "action_bill", NEXT, "action_consumption"]


def test_declining_the_first_still_serves_the_second(talk: Talk) -> None:
    talk.say(BILL, halves=(half(BILL, contract_number="455123"), half("consumption_check")))
    talk.say("tariff_question")
    assert talk.say("deny", confidence=1.0) == [NEXT, "action_consumption"]


def test_cancelling_drops_both(talk: Talk) -> None:
    talk.say(BALANCE, halves=(half(BALANCE), half(BILL)))
    talk.say("cancel")
    assert talk.state.aside == []


@pytest.mark.parametrize(
    "halves",
    [
        (half(BALANCE), half(BALANCE)),
        (half(BALANCE), half(BILL, confidence=0.7)),
        (half(BALANCE, confidence=0.7), half(BILL)),
        (half(BALANCE), half("thanks")),
        (half("service_request"), half(BILL)),  # the whole surely says something else
    ],
    ids=["the same twice", "second unsure", "first unsure", "no errand", "not what the whole says"],
)
def test_a_single_request_stays_single(talk: Talk, halves: tuple[Turn, ...]) -> None:
    done = talk.say(BALANCE, halves=halves, contract_number="455123")
    assert done == ["action_check_contract", "action_balance"]


def test_where_the_whole_is_unsure_the_halves_decide(talk: Talk) -> None:
    done = talk.say("service_request", confidence=0.4, halves=(half(BALANCE), half(BILL)), contract_number="455123")
    assert done == ["action_ask_contract"]
    assert [frame.errand for frame in talk.state.aside] == [BILL]


PERSON = "handoff_request"


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_person_asked_for_in_any_message_of_a_burst_is_asked_for(talk: Talk, place: int) -> None:
    lines = [half("thanks", "gracias"), half("tariff_question", "cuánto cuesta el m3")]
    lines.insert(place, half(PERSON, "quiero hablar con una persona"))
    assert talk.say("tariff_question", lines=tuple(lines)) == ["action_handoff"]
    assert [frame.errand for frame in talk.state.aside] == ["tariff_question"]


def test_what_was_asked_beside_a_person_is_offered_when_they_are_done(talk: Talk) -> None:
    talk.say(BALANCE, halves=(half(BALANCE, contract_number="455123"), half(PERSON)))
    assert talk.say("handoff_ended", confidence=1.0) == ["action_handoff_ended", "utter_resume_balance_inquiry"]
    assert talk.say("affirm", confidence=1.0) == ["action_check_contract", "action_balance"]


def test_the_errand_under_way_is_kept_behind_a_person_asked_for_in_a_burst(talk: Talk) -> None:
    talk.say(BILL)
    assert talk.say("inform", lines=(half("inform"), half(PERSON))) == ["action_handoff"]
    assert [frame.errand for frame in talk.state.aside] == [BILL]


@pytest.mark.parametrize(("mood", "first"), [("self_harm", "action_self_harm"), ("danger", "action_ask_place")])
def test_danger_in_a_burst_comes_before_a_person(talk: Talk, mood: str, first: str) -> None:
    lines = (half(BALANCE), half("service_request"), half(PERSON))
    assert talk.say(BALANCE, lines=lines, mood=mood)[-1] == first


@pytest.mark.parametrize("intent", ["complaint_anger", "inform", "out_of_scope", "greet"])
def test_words_beyond_doubt_bring_a_person_whatever_else_was_understood(talk: Talk, intent: str) -> None:
    assert talk.say(intent, person="wanted") == ["action_handoff"]


def test_an_errand_told_with_the_wish_for_a_person_is_offered_afterwards(talk: Talk) -> None:
    assert talk.say("service_request", confidence=0.9, person="wanted") == ["action_handoff"]
    assert [frame.errand for frame in talk.state.aside] == ["service_request"]


def test_danger_comes_before_the_wish_for_a_person(talk: Talk) -> None:
    assert talk.say("complaint_anger", person="wanted", mood="self_harm")[-1] == "action_self_harm"


@pytest.mark.parametrize("line", [half("greet"), half(PERSON, confidence=0.4)], ids=["another", "unsure"])
def test_without_a_sure_wish_for_a_person_nobody_is_called(talk: Talk, line: Turn) -> None:
    assert "action_handoff" not in talk.say(BALANCE, lines=(half(BALANCE), line), contract_number="455123")


def ask(intent: str, **more: Any) -> Turn:
    return replace(half(intent, **more), asks=True)


def test_three_requests_in_three_messages_are_all_served_in_order(talk: Talk) -> None:
    lines = (ask(BALANCE, contract_number="455123"), half("thanks"), ask("consumption_check"), ask("tariff_question"))
    done = talk.say(BALANCE, lines=lines, halves=(half(BALANCE), half("tariff_question")))
    assert done == ["action_check_contract", "action_balance", NEXT, "action_consumption", NEXT, "action_tariff"]
    assert talk.state.aside == []


def test_one_that_needs_an_answer_keeps_the_others_waiting(talk: Talk) -> None:
    lines = (ask(BALANCE), ask(BILL), ask("tariff_question"))
    assert talk.say(BALANCE, lines=lines) == ["action_ask_contract"]
    assert talk.say("inform", contract_number="455123") == [
        "action_check_contract",
        "action_balance",
        NEXT,
        "action_ask_contact",
    ]
    assert [frame.errand for frame in talk.state.aside] == ["tariff_question"]


@pytest.mark.parametrize(
    "lines",
    [
        (ask(BALANCE), ask("tariff_question"), half("consumption_check")),  # told, not asked
        (ask(BALANCE), ask("tariff_question"), ask(BALANCE)),
        (ask(BALANCE), ask("tariff_question"), ask(BILL, confidence=0.6)),
    ],
    ids=["one is only told", "two the same", "one unsure"],
)
def test_a_story_in_several_messages_is_one_request(talk: Talk, lines: tuple[Turn, ...]) -> None:
    assert talk.say(BALANCE, lines=lines, contract_number="455123") == ["action_check_contract", "action_balance"]
