"""Anger beside a request, strong and repeated anger, distress, danger, self-harm, English, usted and tú."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue.care import CareError, read_care

from .conftest import Talk

LOW: Any = {"confidence": 0.1, "ranking": [("greet", 0.1)]}


def test_anger_beside_a_request_opens_the_answer_and_the_request_is_served(talk: Talk) -> None:
    done = talk.say("balance_inquiry", contract_number="455123", mood="anger")
    assert done == ["action_check_contract", "action_balance"]
    assert talk.state.opening == {"utter_empathy": 0}


def test_repeated_anger_offers_a_person_in_other_words_each_time(talk: Talk) -> None:
    talk.say("balance_inquiry", mood="anger")
    talk.say("inform", contract_number="455123", mood="anger")
    assert talk.state.opening == {"utter_empathy_offer": 1}
    talk.say("bill_request", mood="anger")
    assert talk.state.opening == {"utter_empathy_offer": 2}


def test_strong_anger_offers_a_person_at_once(talk: Talk) -> None:
    talk.say("balance_inquiry", mood="fury")
    assert talk.state.opening == {"utter_empathy_offer": 0}


def test_calm_messages_make_anger_start_over(talk: Talk) -> None:
    talk.say("complaint_anger")
    for _ in range(6):
        talk.say("thanks")
    talk.say("balance_inquiry", mood="anger")
    assert talk.state.opening == {"utter_empathy": 0}


def test_a_calm_message_is_opened_by_nothing(talk: Talk) -> None:
    talk.say("balance_inquiry", mood="anger")
    talk.say("inform", contract_number="455123")
    assert talk.state.opening == {}


def test_anger_alone_gets_its_own_answer(talk: Talk) -> None:
    assert talk.say("complaint_anger") == ["action_anger"]
    assert not talk.state.upset and talk.state.opening == {}
    assert talk.say("greet", mood="anger", **LOW) == ["action_anger"]
    assert talk.state.upset


def test_anger_in_the_middle_of_an_errand_repeats_the_question_after_the_line(talk: Talk) -> None:
    talk.say("balance_inquiry")
    assert talk.say("complaint_anger") == ["action_ask_contract"]
    assert talk.state.opening == {"utter_empathy": 0}
    assert talk.say("greet", mood="anger", **LOW) == ["action_ask_contract"]
    assert talk.state.misses == 0


def test_whoever_declines_the_person_goes_on_where_they_were(talk: Talk) -> None:
    assert talk.say("inform", confidence=1.0, choice="go_on") == ["utter_anything_else"]
    talk.say("balance_inquiry", mood="fury")
    assert talk.say("inform", confidence=1.0, choice="go_on") == ["action_ask_contract"]


def test_asking_for_a_person_in_anger_is_simply_done(talk: Talk) -> None:
    assert talk.say("handoff_request", mood="fury") == ["action_handoff"]
    assert talk.state.opening == {}


def test_somebody_fragile_without_water_gets_an_urgent_report_without_contract(talk: Talk) -> None:
    talk.say("payment_reference", contract_number="455123")
    asked = talk.say("inform", "mi mama de 85 años no tiene agua", fragile="elderly", service_request_type="no_water")
    assert asked == ["action_ask_place"]
    assert talk.state.frame and talk.state.frame.details["urgent"] == "yes"
    assert talk.state.frame.details["who"] == "elderly"
    assert talk.state.bare
    done = talk.say("inform", "calle nogal 8, la cañada")
    assert done == ["action_check_place", "action_confirm_place"]  # the action settles it without a question
    assert talk.state.aside == []


def test_desperate_without_water_is_a_case_too(talk: Talk) -> None:
    assert talk.say("outage_information", mood="distress") == ["action_ask_place"]


def test_somebody_fragile_with_water_is_served_as_anybody(talk: Talk) -> None:
    done = talk.say("balance_inquiry", "mi abuelita quiere saber", contract_number="455123", fragile="elderly")
    assert done == ["action_check_contract", "action_balance"]
    assert talk.state.opening == {}


def test_distress_beside_a_request_opens_its_answer(talk: Talk) -> None:
    done = talk.say("balance_inquiry", contract_number="455123", mood="distress")
    assert done == ["action_check_contract", "action_balance"]
    assert talk.state.opening == {"utter_sorry": 0}


def test_distress_alone_is_answered_first(talk: Talk) -> None:
    assert talk.say("greet", mood="distress", **LOW) == ["utter_distress"]


@pytest.mark.parametrize("intent", ["service_request", "outage_information", "out_of_scope", "inform"])
def test_danger_asks_for_nothing_but_the_street(talk: Talk, intent: str) -> None:
    talk.say("payment_reference", contract_number="455123")
    assert talk.say(intent, "hay un cable caido", mood="danger") == ["action_ask_place"]
    assert talk.state.bare
    assert talk.state.frame and talk.state.frame.details["fault"] == "other"


def test_danger_again_while_the_street_is_asked_for_is_the_answer(talk: Talk) -> None:
    talk.say("service_request", mood="danger", service_request_type="leak")
    assert talk.state.frame and talk.state.frame.details["fault"] == "leak"
    done = talk.say("service_request", "en hidalgo 5 centro, se esta inundando", confidence=0.6, mood="danger")
    assert done[0] == "action_check_place"


def test_self_harm_stops_everything(talk: Talk) -> None:
    talk.say("payment_reference", contract_number="455123")
    assert talk.say("balance_inquiry", mood="self_harm") == ["action_self_harm"]
    assert talk.state.frame is None and talk.state.bare


def test_english_is_answered_and_told_once(talk: Talk) -> None:
    assert talk.say("balance_inquiry", language="en") == ["action_ask_contract"]
    assert talk.state.opening == {"utter_english_line": 0}
    talk.say("inform", contract_number="455123", language="en")
    assert talk.state.opening == {}


def test_english_that_is_not_understood_gets_an_english_answer_once(talk: Talk) -> None:
    assert talk.say("greet", language="en", **LOW) == ["utter_english"]
    assert talk.say("greet", language="en", **LOW) == ["utter_miss_1"]


def test_the_register_changes_and_the_request_beside_it_is_served(talk: Talk) -> None:
    assert talk.say("out_of_scope", "hablame de tu", register="tu") == ["action_change_register"]
    done = talk.say("balance_inquiry", contract_number="455123", register="usted")
    assert done == ["action_change_register", "action_check_contract", "action_balance"]


def test_the_register_changes_in_the_middle_of_an_errand(talk: Talk) -> None:
    talk.say("balance_inquiry")
    assert talk.say("out_of_scope", register="tu") == ["action_change_register", "action_ask_contract"]


def test_unclear_guesses_count_as_misses_so_they_never_loop(talk: Talk) -> None:
    unclear: Any = {"confidence": 0.42, "ranking": [("payment_confirmation", 0.42), ("payment_history", 0.38)]}
    said = [talk.say("payment_confirmation", **unclear)[0] for _ in range(4)]
    assert said == ["action_clarify", "action_clarify", "utter_miss_3", "action_clarify"]


def test_an_understood_message_starts_the_count_of_misses_over(talk: Talk) -> None:
    talk.say("greet", **LOW)
    talk.say("greet", **LOW)
    talk.say("balance_inquiry", contract_number="455123")
    assert talk.say("greet", **LOW) == ["utter_miss_1"]


def test_three_misses_at_a_question_offer_a_person_and_the_errand_stays(talk: Talk) -> None:
    talk.say("balance_inquiry")
    said = [talk.say("greet", **LOW) for _ in range(3)]
    assert said == [["action_ask_contract"], ["action_ask_contract"], ["utter_miss_3"]]
    assert talk.say("inform", contract_number="455123") == ["action_check_contract", "action_balance"]


def test_the_third_answer_that_does_not_fit_offers_a_person(talk: Talk) -> None:
    talk.outcomes["action_check_zone"] = lambda s: {"rejected": True}
    talk.say("outage_information")
    said = [talk.say("inform", f"asdkj{n}")[-1] for n in range(4)]
    assert said == ["action_check_zone", "action_check_zone", "utter_miss_3", "action_check_zone"]


def test_what_is_outside_three_times_in_a_row_offers_a_person(talk: Talk) -> None:
    said = [talk.say("out_of_scope")[-1] for _ in range(4)]
    assert said == ["by_rule", "by_rule", "utter_miss_3", "by_rule"]


def test_rules_that_lack_a_part_are_refused_with_its_name(care: Any) -> None:
    with pytest.raises(CareError, match="danger"):
        read_care({k: v for k, v in care.items() if k != "danger"})
