"""What happens to a conversation that a person had meanwhile."""

from __future__ import annotations

from .conftest import Talk


def test_a_person_takes_over_and_what_was_set_aside_is_offered_afterwards(talk: Talk) -> None:
    talk.say("payment_reference", contract_number="455123")
    assert talk.say("handoff_request", "una persona") == ["action_handoff"]
    assert (talk.state.frame, [f.errand for f in talk.state.aside]) == (None, ["payment_reference"])
    assert talk.say("handoff_open", episode="h1") == ["action_handoff_open"]
    assert talk.say("handoff_ended", episode="h1") == ["action_handoff_ended", "utter_resume_payment_reference"]
    assert talk.say("affirm")[:1] != ["utter_anything_else"]
    assert talk.state.frame
    assert talk.state.frame.errand == "payment_reference"


def test_back_from_a_person_nothing_is_offered_where_nothing_was_begun(talk: Talk) -> None:
    talk.say("handoff_request", "una persona")
    assert talk.say("handoff_ended", episode="h1") == ["action_handoff_ended"]


def test_cancelling_still_forgets(talk: Talk) -> None:
    talk.say("payment_reference", contract_number="455123")
    talk.say("cancel")
    assert talk.state.aside == []


def test_an_event_that_was_not_done_comes_again_before_anything_is_offered(talk: Talk) -> None:
    talk.say("payment_reference", contract_number="455123")
    talk.say("handoff_request", "una persona")
    talk.outcomes["action_handoff_ended"] = lambda s: {"again": True}
    assert talk.say("handoff_ended", episode="h1") == ["action_handoff_ended"]
    talk.outcomes["action_handoff_ended"] = lambda s: {}
    assert talk.say("handoff_ended", episode="h1") == ["action_handoff_ended", "utter_resume_payment_reference"]
