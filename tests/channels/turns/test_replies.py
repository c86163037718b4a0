"""What else Rasa's replies say besides the messages themselves."""

from __future__ import annotations

from channels.turns.replies import to_events, to_told

REPLIES = [
    {"text": "Su caso ya está con una persona."},
    {"custom": {"kind": "tells", "what": "handoff", "about": "e1"}},
    {"custom": {"kind": "tells", "what": "payment", "about": "p1"}},
    {"custom": {"kind": "later", "event": "service_state_known", "entities": {"about": "455123"}}},
]


def test_what_an_answer_tells_is_found_by_its_kind() -> None:
    assert to_told(REPLIES, "handoff") == ["e1"]
    assert to_told(REPLIES[:1], "handoff") == []


def test_what_is_told_later_is_an_event_of_this_turn() -> None:
    [event] = to_events(REPLIES, "c1:5-5")
    assert (event.key, event.intent, event.entities) == (
        "c1:5-5:service_state_known",
        "service_state_known",
        {"about": "455123"},
    )
