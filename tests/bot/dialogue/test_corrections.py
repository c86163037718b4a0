"""Corrections and follow-ups: what is said after an errand, or instead of an answer."""

from __future__ import annotations

from .conftest import Talk, settle_contract


def test_a_correction_changes_the_contract_under_way(talk: Talk) -> None:
    talk.say("bill_request", contract_number="455123")
    assert talk.say("deny", "no, era el 998877", contract_number="998877") == [
        "action_check_contract",
        "action_ask_contact",
    ]
    assert talk.state.frame and talk.state.frame.contract == "998877"


def test_a_follow_up_repeats_the_last_errand_for_another_contract(talk: Talk) -> None:
    talk.say("balance_inquiry", contract_number="455123")
    assert talk.say("inform", "y del 998877?", contract_number="998877") == ["action_check_contract", "action_balance"]


def test_of_all_three_is_the_last_errand_again_though_the_words_sound_like_nothing(talk: Talk) -> None:
    talk.say("balance_inquiry", contract_number="455123")
    assert talk.say("tariff_question", "y de los tres?", 0.49, which="all") == [
        "action_check_contract",
        "action_balance",
    ]


def test_only_a_contract_number_is_asked_what_for(talk: Talk) -> None:
    given = ["action_check_contract", "action_contract_given"]
    assert talk.say("inform", "455123", contract_number="455123", number="455123") == given
    assert talk.say("balance_inquiry") == ["action_balance"]


def test_only_a_number_does_not_change_data_once_more(talk: Talk) -> None:
    talk.say("profile_update", contract_number="455123", email="a@example.mx")
    talk.say("inform", otp_code="482913", number="482913")
    assert talk.say("affirm") == ["action_check_profile_ok", "action_profile_update"]
    number = {"contract_number": "998877", "number": "998877", "otp_code": "998877"}
    assert talk.say("inform", "998877", **number) == ["action_check_contract", "action_contract_given"]


def test_a_corrected_change_is_confirmed_again(talk: Talk) -> None:
    talk.say("profile_update", contract_number="455123", email="a@example.mx")
    talk.say("inform", otp_code="482913", number="482913")
    talk.say("affirm")
    assert talk.say("inform", "no, era el 998877", contract_number="998877") == [
        "action_check_contract",
        "action_send_code",
    ]
    assert talk.say("inform", "482914", otp_code="482914") == ["action_check_code", "action_confirm_profile"]


def test_an_answer_to_the_offer_that_says_more_than_yes_goes_on_with_it(talk: Talk) -> None:
    talk.outcomes["action_check_contract"] = settle_contract
    talk.say("payment_reference", contract_number="455123")
    assert talk.say("general_information")[-1] == "utter_resume_payment_reference"
    done = talk.say("inform", "mejor por transferencia", payment_method="spei")
    assert done == ["action_check_payment_method", "action_ask_contact"]
    assert talk.state.aside == []


def test_asking_for_what_is_offered_goes_on_with_it_and_begins_no_other(talk: Talk) -> None:
    talk.outcomes["action_check_contract"] = settle_contract
    talk.say("payment_reference", contract_number="455123")
    assert talk.say("general_information")[-1] == "utter_resume_payment_reference"
    done = talk.say("payment_reference", "mejor por transferencia", payment_method="spei")
    assert done == ["action_check_payment_method", "action_ask_contact"]
    assert talk.state.aside == []
    assert talk.state.frame and talk.state.frame.contract == "455123"


def test_asking_for_what_is_offered_with_another_contract_is_for_that_one(talk: Talk) -> None:
    talk.say("payment_reference", contract_number="455123")
    talk.say("general_information")
    done = talk.say("payment_reference", "quiero pagar el 998877", contract_number="998877")
    assert done == ["action_check_contract", "action_ask_amount", "action_ask_payment_method"]
    assert talk.state.frame and talk.state.frame.contract == "998877"
    assert talk.state.aside == []


def test_a_number_after_something_else_corrects_what_is_offered(talk: Talk) -> None:
    talk.say("payment_reference", contract_number="455123")
    talk.say("general_information")
    done = talk.say("inform", "no, era el 998877", contract_number="998877")
    assert done == ["action_check_contract", "action_ask_amount", "action_ask_payment_method"]
    assert talk.state.frame and talk.state.frame.contract == "998877"


def test_asking_again_in_other_words_counts_the_new_ones(talk: Talk) -> None:
    talk.say("add_contract", "ponle depa")
    talk.say("add_contract", "agrega el 998877 se llama taller", contract_number="998877")
    assert talk.state.last and talk.state.last.details["said"] == "agrega el 998877 se llama taller"


def test_the_other_one_is_taken_for_a_contract_where_one_is_needed(talk: Talk) -> None:
    talk.outcomes["action_check_contract"] = lambda s: {"contract": "998877", "levels": {"998877": "contract"}}
    talk.say("balance_inquiry", contract_number="455123")
    assert talk.say("inform", "y del otro?", which="other") == ["action_check_contract", "action_balance"]
    assert talk.say("tariff_question", "y del otro?", which="other") == ["action_tariff"]
