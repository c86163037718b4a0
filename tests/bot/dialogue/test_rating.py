"""A rating is an errand of a moment: words if they come, dropped for anything else, never offered again."""

from __future__ import annotations

from .conftest import Talk

RATED = {"rating": "4", "episode": "h1"}


def test_a_row_is_kept_and_the_next_words_are_its_words(talk: Talk) -> None:
    assert talk.say("rate", confidence=1.0, **RATED) == ["action_rate"]
    assert talk.say("inform", "me atendieron muy bien y rápido", confidence=0.4) == ["action_rated"]
    assert talk.state.frame is None


def test_no_thanks_ends_it(talk: Talk) -> None:
    talk.say("rate", confidence=1.0, **RATED)
    assert talk.say("deny", confidence=1.0) == ["action_rated"]
    assert talk.state.frame is None


def test_a_request_instead_of_words_is_served_and_the_rating_not_offered_again(talk: Talk) -> None:
    talk.say("rate", confidence=1.0, **RATED)
    done = talk.say("balance_inquiry", contract_number="455123")
    assert done == ["action_check_contract", "action_balance"]
    assert talk.state.aside == []


def test_a_greeting_later_does_not_bring_the_question_back(talk: Talk) -> None:
    talk.say("rate", confidence=1.0, **RATED)
    assert talk.say("greet", "hola", confidence=0.95) == ["by_rule"]
    assert talk.state.frame is None


def test_what_was_under_way_is_offered_after_the_rating(talk: Talk) -> None:
    talk.say("bill_request", contract_number="455123")
    talk.say("rate", confidence=1.0, **RATED)
    assert talk.say("deny", confidence=1.0) == ["action_rated", "utter_resume_bill_request"]


def test_a_person_asked_for_while_rating_leaves_nothing_to_go_on_with(talk: Talk) -> None:
    talk.say("rate", confidence=1.0, **RATED)
    assert talk.say("handoff_request", "una persona") == ["action_handoff"]
    assert talk.state.aside == []


def test_nobody_yet_and_the_question_change_nothing_under_way(talk: Talk) -> None:
    talk.say("bill_request", contract_number="455123")
    before = talk.state.as_slot()
    assert talk.say("handoff_nobody", episode="h1") == ["action_handoff_nobody"]
    assert talk.say("handoff_rate", episode="h1") == ["action_ask_rating"]
    assert talk.state.as_slot() == before
