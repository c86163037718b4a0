"""Which messages are handed over for labelling, on real trackers."""

import pytest
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channel.unclear import Thresholds, unclear
from bot.channel.understood import understood

SURE = Thresholds(start=0.5, misses=frozenset({"utter_miss_1"}), offer="action_clarify")
ENTITY = {"entity": "contract_number", "value": "455123", "start": 3, "end": 9, "extractor": "x"}


def tracker(confidence: float, *actions: str, asking: str | None = None, tapped: bool = False) -> DialogueStateTracker:
    ranking = (
        [] if tapped else [{"name": "bill_request", "confidence": confidence}, {"name": "greet", "confidence": 0.1}]
    )
    parsed = {"intent_ranking": ranking}
    said = UserUttered("del 455123", {"name": "bill_request", "confidence": confidence}, [ENTITY], parsed)
    before = [SlotSet("dialogue", {"asking": asking})] if asking else []
    events = [*before, ActionExecuted("action_listen"), said, *map(ActionExecuted, actions), SlotSet("dialogue", {})]
    return DialogueStateTracker.from_events("c", events)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (tracker(0.2, "utter_miss_1"), "missed"),
        (tracker(0.2, "utter_miss_1", asking="contract"), "missed"),
        (tracker(0.4, "action_clarify"), "offered"),
        (tracker(0.4, "action_out_of_scope"), "unsure"),
        (tracker(0.4, "action_check_place", asking="place"), None),
        (tracker(0.9, "action_balance"), None),
        (tracker(1.0, "action_balance", tapped=True), None),
        (DialogueStateTracker.from_events("c", []), None),
    ],
)
def test_missed_guessed_and_unsure_messages_are_handed_over(given: DialogueStateTracker, reason: str | None) -> None:
    heard = unclear(given, SURE)
    assert (heard and heard["reason"]) == reason
    if heard:
        assert heard["entities"] == [{k: ENTITY[k] for k in ("entity", "value", "start", "end")}]
        assert heard["ranking"][0]["name"] == "bill_request"


def test_the_projects_own_thresholds_can_be_read() -> None:
    assert "utter_miss_1" in Thresholds.read().misses


def test_what_was_understood_names_the_actions_in_order() -> None:
    seen = understood(tracker(0.9, "action_check_contract", "action_balance"))
    assert seen["actions"] == ["action_check_contract", "action_balance"]
    assert seen["intent"] == "bill_request"
