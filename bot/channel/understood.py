"""What María made of a conversation's last message, for people who work on her: `make chat` shows it."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

SHOWN = 5


def understood(tracker: DialogueStateTracker) -> dict[str, Any]:
    """The last message as understood, the actions taken since, and the errands' state after it.

    Returns:
        `text`, `intent`, `ranking` [{name, confidence}], `entities` [{entity, value, start, end}], `actions`
        (names, in order) and `dialogue` (the slot of `bot/dialogue/state.py`); empty values where nothing was said.
    """
    done: list[str] = []
    said: UserUttered | None = None
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            said = event
            break
        if isinstance(event, ActionExecuted):
            done.append(str(event.action_name))
    parsed = (said.parse_data or {}) if said else {}
    return {
        "text": said.text if said else None,
        "intent": said.intent_name if said else None,
        "ranking": (parsed.get("intent_ranking") or [])[:SHOWN],
        "entities": [{key: e.get(key) for key in ("entity", "value", "start", "end")} for e in _entities(said)],
        "actions": done[::-1],
        "dialogue": tracker.get_slot("dialogue") or {},
    }


def _entities(said: UserUttered | None) -> list[dict[str, Any]]:
    return list(said.entities) if said else []
