"""What a turn was taken for, told beside the replies: every turn is counted, also one that says a fixed text."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channel.unclear import Thresholds
from bot.nlu.entities.heard import heard as sounded
from bot.nlu.lexicon.wordings import read_rules

LISTEN = "action_listen"
SURE = 1.0  # a tap or an attachment: it is what it says
((_, _CORRECTS),) = read_rules("corrections")


def heard(tracker: DialogueStateTracker, offer: str | None = None) -> dict[str, Any] | None:
    """The last message's intent and how sure; where it shows whether a guess was right, also that `guess`.

    That is the first of two between which the citizen chose, or the errand begun last, when they say that it is
    another. No word of the message is in it.
    """
    events = list(tracker.events)
    at = max((i for i, event in enumerate(events) if isinstance(event, UserUttered)), default=None)
    if at is None or not isinstance(events[at], UserUttered):
        return None
    intent = events[at].intent or {}
    if not intent.get("name"):
        return None
    said: dict[str, Any] = {"kind": "heard", "intent": intent["name"], "sure": intent.get("confidence")}
    if _confidence(events[at]) >= SURE:
        guess = _offered(events[:at], offer or Thresholds.read().offer)
    else:
        guess = _corrected(events[at], events[:at], Thresholds.read())
    if guess:
        said["guess"] = guess
    return said


def _confidence(event: UserUttered) -> float:
    return float((event.intent or {}).get("confidence") or 0)


def _corrected(event: UserUttered, before: list[Any], sure: Thresholds) -> str | None:
    """The errand that the message before this one was taken for, if this one says it was something else."""
    last = next((e for e in reversed(before) if isinstance(e, UserUttered)), None)
    if last is None or not _CORRECTS.search(sounded(event.text or "").line):
        return None
    guess, now = last.intent_name, event.intent_name
    began = guess in sure.errands and sure.start <= _confidence(last) < SURE
    return str(guess) if began and now != guess else None


def _offered(before: list[Any], offer: str) -> str | None:
    """The likelier of the guesses, if the last thing María did was to let the citizen choose."""
    done = (e.action_name for e in reversed(before) if isinstance(e, ActionExecuted) and e.action_name != LISTEN)
    if next(done, None) != offer:
        return None
    states = (e.value or {} for e in reversed(before) if isinstance(e, SlotSet) and e.key == "dialogue")
    options = next(states, {}).get("options") or []
    return str(options[0]) if options else None
