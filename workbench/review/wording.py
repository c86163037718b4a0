"""A citizen's words as one line of `data/nlu`: nothing in them may be read as YAML or as an annotation. Pure."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator

from bot.nlu.entities.extract import extract
from bot.nlu.entities.found import Found
from bot.nlu.entities.gazetteer import Gazetteer

LONGEST = 300
BRACKETS = str.maketrans("[]{}", "()()")
JOINER = "\u200d"  # holds emojis together
# What the files annotate, the surest first: over one span only one of them stands.
ANNOTATED = "email phone contract_number tracking_number amount payment_method period zone reading_m3".split()
NAMED_BY_VALUE = frozenset({"payment_method"})


def clean(text: str) -> str:
    """One line without brackets, backslashes, control characters or a beginning that means something."""
    normal = unicodedata.normalize("NFC", text).translate(BRACKETS).replace("\\", " ")
    visible = "".join(c if c == JOINER or unicodedata.category(c)[0] != "C" else " " for c in normal)
    line = " ".join(visible.split())[:LONGEST].strip()
    return re.sub(r"^[-/\s]+", "", line)


def annotate(text: str, gazetteer: Gazetteer) -> str:
    """The cleaned text with its entities marked as in the other sentences."""
    line, last = "", 0
    for found in _chosen(text, gazetteer):
        words = text[found.start : found.end]
        by_value = found.entity in NAMED_BY_VALUE and found.value != words
        named = json.dumps({"entity": found.entity, "value": found.value}, ensure_ascii=False)
        line += text[last : found.start] + f"[{words}]" + (named if by_value else f"({found.entity})")
        last = found.end
    return line + text[last:]


def _chosen(text: str, gazetteer: Gazetteer) -> Iterator[Found]:
    """Entities that do not overlap, in the order they stand."""
    ranked = [f for f in extract(text, gazetteer) if f.entity in ANNOTATED and f.start < f.end]
    ranked.sort(key=lambda f: (f.start, ANNOTATED.index(f.entity)))
    end = 0
    for found in ranked:
        if found.start >= end:
            yield found
            end = found.end
