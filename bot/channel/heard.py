"""What a turn was taken for, told beside the replies: every turn is counted, also one that says a fixed text."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channel.unclear import Thresholds

LISTEN = "action_listen"


def heard(tracker: DialogueStateTracker, offer: str | None = None) -> dict[str, Any] | None:
    """The last message's intent and how sure; after a choice between guesses also the `guess` that came first.

    No word of the message is in it.
    """
    events = list(tracker.events)
    at = max((i for i, event in enumerate(events) if isinstance(event, UserUttered)), default=None)
    if at is None or not isinstance(events[at], UserUttered):
        return None
    intent = events[at].intent or {}
    if not intent.get("name"):
        return None
    said: dict[str, Any] = {"kind": "heard", "intent": intent["name"], "sure": intent.get("confidence")}
    if float(intent.get("confidence") or 0) >= 1.0 and (
        guess := _offered(events[:at], offer or Thresholds.read().offer)
    ):
        said["guess"] = guess
    return said


def _offered(before: list[Any], offer: str) -> str | None:
    """The likelier of the guesses, if the last thing María did was to let the citizen choose."""
    done = (e.action_name for e in reversed(before) if isinstance(e, ActionExecuted) and e.action_name != LISTEN)
    if next(done, None) != offer:
        return None
    states = (e.value or {} for e in reversed(before) if isinstance(e, SlotSet) and e.key == "dialogue")
    options = next(states, {}).get("options") or []
    return str(options[0]) if options else None
