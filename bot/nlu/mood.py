"""Anger, distress, danger and self-harm, apart from the intent (`lexicon/moods.yml`). Pure.

Only wording that leaves little doubt counts: a wrong alarm is worse than a missed one for anger and distress.
Jokes and sayings ("me muero de risa", "me quiero morir con este calor") are left out first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.entities.found import Found
from bot.nlu.entities.heard import Heard
from bot.nlu.lexicon.wordings import read_rules

(_, _SAYINGS), *_MOODS = read_rules("moods")
_SHOUTING = re.compile(r"[😡🤬]")


def find_mood(heard: Heard) -> Iterator[Found]:
    """Entity `mood`, at most one: the gravest that is heard (self_harm, danger, distress, anger)."""
    sayings = [(start, end) for start, end, _ in heard.find(_SAYINGS)]
    for mood, rule in _MOODS:
        for start, end, _ in heard.find(rule):
            if not any(start < b and a < end for a, b in sayings):
                yield Found("mood", mood, start, end)
                return
    angry = _SHOUTING.search(heard.text)
    if angry:
        yield Found("mood", "anger", *angry.span())
