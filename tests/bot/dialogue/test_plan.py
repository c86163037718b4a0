"""Errands, interruptions and returns, corrections, misses: the plan against the real book."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue.book import BookError, read_book

from .conftest import Talk, settle_contract


def test_an_errand_asks_for_what_it_needs_and_does_it(talk: Talk) -> None:
    assert talk.say("balance_inquiry") == ["action_ask_contract"]
    assert talk.say("inform", contract_number="455123") == ["action_check_contract", "action_balance"]
    assert talk.state.frame is None


def test_a_number_in_the_request_is_not_asked_for_again(talk: Talk) -> None:
    assert talk.say("balance_inquiry", contract_number="0455123") == ["action_check_contract", "action_balance"]
    assert talk.state.contract == "0455123"


def test_what_maria_comes_back_to_changes_nothing_that_is_asked(talk: Talk) -> None:
    talk.say("bill_request")
    before = talk.state.as_slot()
    assert talk.say("service_state_known", about="998877") == ["action_service_state"]
    assert talk.state.as_slot() == before


def test_evidence_is_climbed_step_by_step(talk: Talk) -> None:
    assert talk.say("bill_request", contract_number="455123") == ["action_check_contract", "action_ask_contact"]
    assert talk.say("inform", phone="4425550163") == ["action_check_contact", "action_bill"]


def test_evidence_belongs_to_a_contract_not_to_the_conversation(talk: Talk) -> None:
    talk.say("bill_request", contract_number="455123")
    talk.say("inform", phone="4425550163")
    assert talk.say("bill_request", contract_number="998877") == ["action_check_contract", "action_ask_contact"]


def test_a_registered_whatsapp_needs_no_question(talk: Talk) -> None:
    talk.outcomes["action_ask_contact"] = lambda s: {"levels": {"455123": "contact"}}
    assert talk.say("bill_request", contract_number="455123") == [
        "action_check_contract",
        "action_ask_contact",
        "action_bill",
    ]


def test_a_new_request_while_a_code_is_awaited_is_not_taken_for_the_code(talk: Talk) -> None:
    assert talk.say("profile_update", contract_number="455123", email="a@example.mx")[-1] == "action_send_code"
    done = talk.say("balance_inquiry", contract_number="998877", number="998877", otp_code="998877")
    assert done == ["action_check_contract", "action_balance", "utter_resume_profile_update"]


def test_what_was_set_aside_keeps_its_own_contract_and_details(talk: Talk) -> None:
    talk.say("profile_update", contract_number="455123", email="a@example.mx")
    talk.say("balance_inquiry", contract_number="998877")
    assert talk.say("affirm", confidence=1.0) == ["action_send_code"]
    assert talk.state.frame and talk.state.frame.contract == "455123"
    assert talk.say("inform", otp_code="482913", number="482913") == [
        "action_check_code",
        "action_check_new_value",
        "action_confirm_profile",
    ]
    assert talk.say("affirm") == ["action_check_profile_ok", "action_profile_update"]


def test_the_offer_to_resume_can_be_declined(talk: Talk) -> None:
    talk.say("profile_update", contract_number="455123")
    talk.say("balance_inquiry")
    assert talk.say("deny") == ["by_rule"]
    assert talk.state.aside == []


@pytest.mark.parametrize("shared", ["share_audio", "share_video", "share_unsupported"])
def test_what_maria_cannot_hear_is_said_and_the_question_asked_again(talk: Talk, shared: str) -> None:
    talk.say("balance_inquiry")
    assert talk.say(shared, confidence=1.0) == ["by_rule", "action_ask_contract"]


def test_a_photo_that_did_not_arrive_is_said_and_the_question_asked_again(talk: Talk) -> None:
    talk.say("balance_inquiry")
    done = talk.say("share_image", confidence=1.0, media_error="too_large")
    assert done == ["by_rule", "action_ask_contract"]


def test_evidence_that_ran_out_is_asked_for_again_and_the_errand_done(talk: Talk) -> None:
    talk.say("profile_update", contract_number="455123", email="a@example.mx")
    talk.say("inform", otp_code="482913", number="482913")
    talk.outcomes["action_profile_update"] = lambda s: {"lapsed": True, "levels": {"455123": "contact"}}
    assert talk.say("affirm")[-2:] == ["action_profile_update", "action_send_code"]
    del talk.outcomes["action_profile_update"]
    assert talk.say("inform", otp_code="482914") == ["action_check_code", "action_profile_update"]
    assert talk.state.frame is None


def test_evidence_that_ran_out_before_a_question_leaves_nobody_without_an_answer(talk: Talk) -> None:
    talk.outcomes["action_ask_amount"] = lambda s: {"lapsed": True, "levels": {"455123": "anonymous"}}
    assert talk.say("payment_reference", contract_number="455123")[-1] == "action_ask_contract"


def test_a_rejected_answer_keeps_the_question_open(talk: Talk) -> None:
    talk.outcomes["action_check_contract"] = lambda s: {"rejected": True}
    assert talk.say("balance_inquiry", contract_number="111111") == ["action_check_contract"]
    assert talk.state.asking is None or talk.state.asking == "contract"
    del talk.outcomes["action_check_contract"]


def test_after_a_rejected_contract_the_next_number_is_tried(talk: Talk) -> None:
    talk.outcomes["action_check_contract"] = lambda s: {"rejected": True}
    talk.say("balance_inquiry")
    talk.say("inform", contract_number="111111")
    talk.outcomes["action_check_contract"] = lambda s: {"contract": s.given, "levels": {s.given: "contract"}}
    assert talk.say("inform", contract_number="455123") == ["action_check_contract", "action_balance"]


def test_a_rejected_contract_in_the_request_itself_can_be_corrected(talk: Talk) -> None:
    talk.outcomes["action_check_contract"] = lambda s: {"rejected": True}
    talk.say("balance_inquiry", contract_number="111111")
    talk.outcomes["action_check_contract"] = lambda s: {"contract": s.given, "levels": {s.given: "contract"}}
    assert talk.say("inform", contract_number="455123") == ["action_check_contract", "action_balance"]


def test_cancel_ends_everything(talk: Talk) -> None:
    talk.say("payment_reference", contract_number="455123")
    assert talk.say("cancel") == ["utter_cancelled"]
    assert talk.state.frame is None and talk.state.aside == []


def test_small_talk_is_answered_and_the_question_asked_again(talk: Talk) -> None:
    talk.say("balance_inquiry")
    assert talk.say("thanks") == ["by_rule", "action_ask_contract"]


def test_a_photo_of_the_bill_answers_the_contract(talk: Talk) -> None:
    talk.outcomes["action_read_bill_photo"] = lambda s: {"contract": "455123", "levels": {"455123": "contract"}}
    talk.say("balance_inquiry")
    assert talk.say("dont_have_it") == ["utter_send_bill_photo"]
    assert talk.say("share_image", confidence=1.0, media="m1") == ["action_read_bill_photo", "action_balance"]


def test_a_yes_takes_what_was_read_and_only_right_after_it(talk: Talk) -> None:
    talk.outcomes["action_read_bill_photo"] = lambda s: {"rejected": True, "proposed": "455123"}
    talk.say("balance_inquiry")
    talk.say("dont_have_it")
    talk.say("share_image", "", confidence=1.0, media="m1")
    assert talk.say("affirm", "sí es ese") == ["action_check_contract", "action_balance"]
    talk.say("add_contract")
    talk.say("share_image", "", confidence=1.0, media="m1")
    talk.say("thanks")
    assert "action_check_contract" not in talk.say("affirm", "sí")


def test_a_leak_in_the_street_needs_no_contract(talk: Talk) -> None:
    assert talk.say("service_request", service_request_type="leak") == ["utter_ask_leak_where"]
    assert talk.say("inform", confidence=1.0, leak_where="street") == ["action_settle_scope", "action_ask_place"]
    place = {"latitude": 20.6, "longitude": -100.4}
    assert talk.say("share_location", confidence=1.0, **place) == ["action_check_place", "action_confirm_place"]
    assert talk.say("affirm") == ["action_check_place_ok", "utter_ask_photo"]
    assert talk.say("deny") == ["action_check_photo", "action_service_request"]


def test_a_photo_that_comes_early_is_kept_and_said_so(talk: Talk) -> None:
    talk.say("service_request", service_request_type="leak", leak_where="street")
    assert talk.say("share_image", "", confidence=1.0, media="m1") == ["action_ask_place"]
    assert talk.state.opening == {"utter_photo_kept": 0}
    assert talk.say("inform", "calle nogal 8 en la cañada") == ["action_check_place", "action_confirm_place"]
    assert talk.say("affirm") == ["action_check_place_ok", "action_check_photo", "action_service_request"]


def test_a_place_in_words_is_an_answer_even_if_it_sounds_like_the_errand(talk: Talk) -> None:
    talk.say("service_request", service_request_type="leak", leak_where="street")
    done = talk.say("service_request", "calle nogal 8 en la cañada junto al kinder", confidence=0.6)
    assert done == ["action_check_place", "action_confirm_place"]


def test_misses_end_with_a_person_and_start_over(talk: Talk) -> None:
    low: Any = {"confidence": 0.1, "ranking": [("greet", 0.1)]}
    assert talk.say("greet", **low) == ["utter_miss_1"]
    assert talk.say("greet", **low) == ["utter_miss_2"]
    assert talk.say("greet", **low) == ["utter_miss_3"]
    assert talk.say("greet", **low) == ["utter_miss_1"]


def test_between_two_errands_the_citizen_chooses(talk: Talk) -> None:
    ranking = [("payment_confirmation", 0.42), ("payment_history", 0.38)]
    assert talk.say("payment_confirmation", confidence=0.42, ranking=ranking) == ["action_clarify"]
    assert talk.state.options == ["payment_confirmation", "payment_history"]


def test_three_answers_that_are_none_offer_a_person(talk: Talk) -> None:
    talk.say("profile_update", contract_number="455123")
    low: Any = {"confidence": 0.1, "ranking": [("greet", 0.1)]}
    assert talk.say("greet", **low) == ["utter_ask_code_again"]
    assert talk.say("greet", **low) == ["utter_ask_code_again"]
    assert talk.say("greet", **low) == ["utter_miss_3"]


def test_evidence_that_lapsed_is_asked_for_again(talk: Talk) -> None:
    talk.say("bill_request", contract_number="455123")
    talk.outcomes["action_bill"] = lambda s: {"levels": {"455123": "contract"}}
    assert talk.say("inform", phone="4425550163") == ["action_check_contact", "action_bill", "action_ask_contact"]


def test_an_amount_out_of_limits_is_asked_again(talk: Talk) -> None:
    talk.outcomes["action_ask_amount"] = lambda s: {}
    talk.outcomes["action_check_amount"] = lambda s: {"rejected": True}
    talk.say("payment_reference", contract_number="455123")
    assert talk.say("inform", amount="0") == ["action_check_amount"]
    talk.outcomes["action_check_amount"] = lambda s: {"details": {"amount": s.given}}
    assert talk.say("inform", amount="350.00")[:2] == ["action_check_amount", "action_ask_payment_method"]


def test_someone_in_danger_comes_first(talk: Talk) -> None:
    talk.say("payment_reference", contract_number="455123")
    assert talk.say("out_of_scope", mood="self_harm") == ["action_self_harm"]
    assert talk.state.frame is None


def test_an_errand_over_at_its_question_ends(talk: Talk) -> None:
    talk.outcomes["action_ask_amount"] = lambda s: {"end": True}
    assert talk.say("payment_reference", contract_number="455123") == ["action_check_contract", "action_ask_amount"]
    assert talk.state.frame is None


def test_a_bare_number_is_an_amount_only_when_that_was_asked(talk: Talk) -> None:
    done = talk.say("payment_reference", contract_number="455123", number="455123")
    assert done == ["action_check_contract", "action_ask_amount", "action_ask_payment_method"]


def test_a_figure_alone_answers_even_if_it_sounds_like_asking_for_a_person(talk: Talk) -> None:
    talk.outcomes["action_ask_amount"] = lambda s: {}
    talk.outcomes["action_check_amount"] = lambda s: {"rejected": True}
    talk.say("payment_reference", contract_number="455123")
    assert talk.say("handoff_request", "0", number="0") == ["action_check_amount"]
    assert talk.say("handoff_request", "una persona") == ["action_handoff"]


def test_several_steps_share_one_condition(raw_book: Any, verification: Any, care: Any) -> None:
    grouped = {"steps": ["contract", {"steps": ["otp", "photo"], "unless": {"scope": ["street"]}}], "do": "action_x"}
    body = {**raw_book, "errands": {**raw_book["errands"], "profile_update": grouped}}
    needs = read_book(body, verification, care).errands["profile_update"].needs
    assert [n.step for n in needs if n.applies({"scope": "street"})] == ["contract"]
    assert [n.step for n in needs if n.applies({})] == ["contract", "otp", "photo"]
    grouped["steps"] = [{"steps": ["otp", "moon"]}]
    with pytest.raises(BookError, match="there is no step moon"):
        read_book(body, verification, care)


def test_after_an_errand_for_all_contracts_the_next_one_asks_which(talk: Talk) -> None:
    every = {"contract": "all", "levels": {"all": "contact"}, "several": True}
    talk.outcomes["action_check_contract"] = lambda s: every if s.given == "all" else settle_contract(s)
    assert talk.say("bill_request", which="all") == ["action_check_contract", "action_bill"]
    assert talk.say("inform", period="month:03") == ["action_bill"]  # still of all
    assert talk.say("payment_reference", confidence=1.0) == ["action_ask_contract"]


@pytest.mark.parametrize(
    ("errand", "problem"),
    [
        ({"steps": ["contract"]}, "needs `do`"),
        ({"do": "action_x", "momentry": True}, "momentry"),
        ({"do": "action_x", "steps": [{"step": "otp", "unles": {"scope": ["street"]}}]}, "unles"),
    ],
)
def test_a_misspelt_word_in_an_errand_is_refused(
    raw_book: Any, verification: Any, care: Any, errand: Any, problem: str
) -> None:
    body = {**raw_book, "errands": {**raw_book["errands"], "rate": errand}}
    with pytest.raises(BookError, match=problem):
        read_book(body, verification, care)
