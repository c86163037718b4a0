"""Where a message may be two requests: "cuánto debo y mándame el recibo". Pure.

This only says where it is worth looking (`lexicon/asking.yml`); whether it is two is for the intents of the halves.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.nlu.entities.heard import Heard, heard
from bot.nlu.lexicon.wordings import read_rules
from bot.nlu.parts.place import LONGEST, Place, is_tap, trim

_JOINTS = dict(read_rules("asking", "joint"))
((_, _ASKS),) = read_rules("asking", "asks")
_TOPICS = read_rules("asking", "topics")
FAULT, APART_FROM_FAULTS = "fault", {"owed", "bill", "pay"}


def halves(text: str) -> tuple[Place, Place] | None:
    """The places of the two parts, without what joins them; None where nothing speaks for two."""
    if len(text) > LONGEST or is_tap(text):
        return None
    said = heard(text)
    for strong, start, end in _joints(said):
        if not text[:start].strip() or not text[end:].strip():
            continue
        if _are_two(heard(text[:start]), heard(text[end:]), strong):
            return trim(text, 0, start), trim(text, end, len(text))
    return None


def asks(text: str) -> bool:
    """Whether a line is a request of its own, and not only told."""
    said = heard(text)
    topics = _topics(said)
    return bool(topics) and (topics == {FAULT} or bool(_ASKS.search(said.line)))


def _are_two(left: Heard, right: Heard, strong: bool) -> bool:
    """What is only told ("ya pagué y quiero el recibo") is the story of one request, unless it tells of a fault."""
    before, after = _topics(left), _topics(right)
    if not before or not after - before or not (strong or _ASKS.search(right.line)):
        return False
    if _ASKS.search(left.line):
        return True
    return before == {FAULT} and (strong or after <= APART_FROM_FAULTS)


def _joints(said: Heard) -> Iterator[tuple[bool, int, int]]:
    """Strong joints first, then "y", punctuation and line breaks in the order they stand."""
    for kind in ("strong", "plain"):
        for start, end, _ in said.find(_JOINTS[kind]):
            yield kind == "strong", start, end
    for place, letter in enumerate(said.text):
        if letter == "\n":
            yield False, place, place + 1


def _topics(said: Heard) -> set[str]:
    return {topic for topic, rule in _TOPICS if rule.search(said.line)}
