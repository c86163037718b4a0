"""Which messages María did not understand, for designers to label. Masking and keeping is `services/review`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.io import read_yaml_file

from bot.channel.understood import understood

BOOK = Path(__file__).parents[2] / "data" / "errands.yml"


@dataclass(frozen=True)
class Thresholds:
    """From `understanding` in data/errands.yml."""

    start: float
    misses: frozenset[str]
    offer: str
    errands: frozenset[str] = frozenset()

    @classmethod
    @lru_cache(maxsize=1)
    def read(cls) -> Thresholds:
        """The file as it was when this process first asked."""
        book = read_yaml_file(BOOK)
        body = book["understanding"]
        return cls(float(body["start"]), frozenset(body["miss"]), str(body["ask"]), frozenset(book["errands"]))


def unclear(tracker: DialogueStateTracker, thresholds: Thresholds | None = None) -> dict[str, Any] | None:
    """The last typed message, if it was missed, only guessed at, or below the confidence to start; else None.

    An answer to a question ("Hidalgo 12, junto a la tienda") needs no intent, and is none of these unless missed.
    """
    sure = thresholds or Thresholds.read()
    seen = understood(tracker)
    if not seen["text"] or not seen["ranking"]:
        return None
    reason = _reason(seen, sure, asked=_was_asked(tracker))
    if reason is None:
        return None
    kept = {name: seen[name] for name in ("ranking", "entities")}
    # not `text`: a reply's text is for the citizen
    return {"kind": "unclear", "reason": reason, "words": seen["text"], **kept}


def _reason(seen: Mapping[str, Any], sure: Thresholds, *, asked: bool) -> str | None:
    done = set(seen["actions"])
    if done & sure.misses:
        return "missed"
    if sure.offer in done:
        return "offered"
    return "unsure" if float(seen["ranking"][0]["confidence"]) < sure.start and not asked else None


def _was_asked(tracker: DialogueStateTracker) -> bool:
    """Whether a question was open when the message came."""
    events = list(tracker.events)
    last = max((at for at, event in enumerate(events) if isinstance(event, UserUttered)), default=0)
    before = (e for e in reversed(events[:last]) if isinstance(e, SlotSet) and e.key == "dialogue")
    state = next(before, None)
    return bool(state and (state.value or {}).get("asking"))
