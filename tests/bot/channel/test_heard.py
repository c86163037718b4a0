"""What is counted of a turn, on real trackers: intent, how sure, and whether the first of two guesses was right."""

from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channel.heard import heard

OFFER = "action_clarify"


def talk(*events: object) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("c", list(events))


def said(intent: str, confidence: float) -> UserUttered:
    return UserUttered("lo del 455123", {"name": intent, "confidence": confidence})


def test_the_intent_and_how_sure_and_no_word() -> None:
    found = heard(talk(ActionExecuted("action_listen"), said("thanks", 0.8), ActionExecuted("utter_thanks")), OFFER)
    assert found == {"kind": "heard", "intent": "thanks", "sure": 0.8}


def test_after_a_choice_the_first_guess_goes_along() -> None:
    offered = [
        said("balance_inquiry", 0.4),
        SlotSet("dialogue", {"options": ["balance_inquiry", "bill_request"]}),
        ActionExecuted(OFFER),
        ActionExecuted("action_listen"),
    ]
    tapped = heard(talk(*offered, said("bill_request", 1.0), SlotSet("dialogue", {"options": []})), OFFER)
    assert tapped
    assert tapped["guess"] == "balance_inquiry"
    typed = heard(talk(*offered, said("bill_request", 0.9)), OFFER)
    assert typed
    assert "guess" not in typed
    elsewhere = heard(talk(*offered, ActionExecuted("action_balance"), said("bill_request", 1.0)), OFFER)
    assert elsewhere
    assert "guess" not in elsewhere


def test_nothing_heard_is_nothing() -> None:
    assert heard(talk(), OFFER) is None
