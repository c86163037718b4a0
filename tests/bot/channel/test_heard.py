"""What is counted of a turn, on real trackers: intent, how sure, and whether the first of two guesses was right."""

import pytest
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


def typed(text: str, intent: str, confidence: float = 0.9) -> UserUttered:
    return UserUttered(text, {"name": intent, "confidence": confidence})


ASKED = [
    typed("mi papel", "balance_inquiry", 0.8),
    ActionExecuted("action_ask_contract"),
    ActionExecuted("action_listen"),
]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("no, era mi recibo", "bill_request"),
        ("No no, lo que quiero es mi recibo", "bill_request"),
        ("me referia a mi consumo", "consumption_check"),
        ("eso no, mandame el recibo", "bill_request"),
        ("no te pedí eso", "deny"),
        ("te ekivocaste, kiero el resivo", "bill_request"),
        ("no me entendiste", "complaint_anger"),
    ],
)
def test_a_correction_tells_that_the_guess_was_wrong(text: str, intent: str) -> None:
    found = heard(talk(*ASKED, typed(text, intent)), OFFER)
    assert found
    assert (found["guess"], found["intent"]) == ("balance_inquiry", intent)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("no era ese contrato, es el 455123", "balance_inquiry"),  # another detail of the same
        ("no tengo agua", "service_request"),
        ("no, gracias", "deny"),
        ("y también mi recibo", "bill_request"),
        ("no puedo pagar", "general_information"),
    ],
)
def test_what_corrects_nothing_judges_nothing(text: str, intent: str) -> None:
    found = heard(talk(*ASKED, typed(text, intent)), OFFER)
    assert found
    assert "guess" not in found


@pytest.mark.parametrize(
    "before", [typed("hola", "greet"), typed("Saldo", "balance_inquiry", 1.0), typed("x", "balance_inquiry", 0.2)]
)
def test_only_an_errand_that_was_guessed_can_be_wrong(before: UserUttered) -> None:
    found = heard(talk(before, ActionExecuted("action_listen"), typed("no, era mi recibo", "bill_request")), OFFER)
    assert found
    assert "guess" not in found
