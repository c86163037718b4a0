"""A typed answer to options that are on the screen: "1", "la primera", "el de abajo", the label or nearly so. Pure.

Every button works typed (conversation_design.md 1.6). What is not clearly a choice is left to the understanding.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from channels.turns.lexicon import Lexicon
from services.messaging.outbound import Option
from services.spelling import plain_words

LONGEST = 40  # characters; more is a sentence of its own
NEAR, CLEARLY = 86, 8  # similarity (0–100) of a near spelling, and its lead over the next option
SHORTEST_NEAR = 4  # letters; shorter words are too alike


def choose(text: str, options: Sequence[Option], lexicon: Lexicon) -> Option | None:
    """The option that is meant, if it is clear."""
    if not options or "\n" in text or len(text) > LONGEST:
        return None
    said = plain_words(text)
    return _by_label(said, options) or _by_place(said, options, lexicon)


def _by_label(said: str, options: Sequence[Option]) -> Option | None:
    titles = [plain_words(option.title) for option in options]
    if not said:
        return None
    if titles.count(said) == 1:
        return options[titles.index(said)]
    if len(said) < SHORTEST_NEAR or said.isdigit():
        return None
    scored = sorted(((fuzz.ratio(said, title), i) for i, title in enumerate(titles)), reverse=True)
    best, index = scored[0]
    lead = best - (scored[1][0] if len(scored) > 1 else 0)
    same_figures = re.findall(r"\d+", said) == re.findall(r"\d+", titles[index])
    return options[index] if best >= NEAR and lead >= CLEARLY and same_figures else None


def _by_place(said: str, options: Sequence[Option], lexicon: Lexicon) -> Option | None:
    """A number or an ordinal alone; with one option on the screen a figure may be an answer of another kind."""
    if len(options) < 2:
        return None
    places = set()
    for word in said.split():
        if word.isdigit():
            places.add(int(word) if len(word) <= 2 else 0)
        elif word in lexicon.ordinals:
            places.add(lexicon.ordinals[word])
        elif word not in lexicon.fillers:
            return None
    if len(places) != 1:
        return None
    place = places.pop()
    if place == -1:
        return options[-1]
    return options[place - 1] if 1 <= place <= len(options) else None
