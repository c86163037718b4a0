"""A contract called by its nickname, which the edge knows, reaches the plan like its number."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.policy import read_turn

NAMED = {"named": {"contract": "0090420", "name": "Taller de mamá"}}


def heard(text: str, metadata: dict[str, Any], **more: Any) -> Any:
    parsed = {"text": text, "intent": {"name": "inform", "confidence": 0.9}, "entities": [], **more}
    tracker = DialogueStateTracker("c1", [])
    tracker.update(UserUttered(text, parsed["intent"], parsed["entities"], parsed, metadata=metadata))
    return read_turn(tracker)[0]


def test_the_nickname_is_the_number() -> None:
    assert heard("no, era el taller de MAMA", NAMED).entities == {"contract_number": "0090420"}
    assert heard("no, era ese", {}).entities == {}


def test_a_number_beside_it_wins() -> None:
    number = {"entity": "contract_number", "value": "455123"}
    assert heard("ponle taller de mamá al 455123", NAMED, entities=[number]).entities == {"contract_number": "455123"}


def test_only_the_half_that_says_it_means_it() -> None:
    halves = [
        {"text": "cuánto debo del taller de mamá", "intent": {"name": "balance_inquiry", "confidence": 0.9}},
        {"text": "reportar una fuga", "intent": {"name": "service_request", "confidence": 0.9}},
    ]
    first, second = heard("cuánto debo del taller de mamá y reportar una fuga", NAMED, requests=halves).halves
    assert (first.entities, second.entities) == ({"contract_number": "0090420"}, {})
