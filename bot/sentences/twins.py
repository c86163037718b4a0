"""Which sentences are the same, or nearly: what counts as trivial variation. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process

NEAR = 90.0  # per cent of letters in common, from which two sentences are near twins
FEWEST_WORDS = 4  # shorter ones are too alike by nature


def key(text: str) -> str:
    """What two spellings of one sentence share: no case, accents or marks, no values of long numbers; emojis stay."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    digits = re.sub(r"\d{3,}", lambda run: "0" * len(run[0]), plain)
    kept = "".join(c if c.isalnum() or unicodedata.category(c) == "So" else " " for c in digits)
    return " ".join(kept.split()) or text.strip()


def near(text: str, others: Sequence[str]) -> tuple[int, float] | None:
    """The place of the first other that is nearest to `text`, and how near (0–100); None where none is near.

    Args:
        text: a sentence.
        others: keys (see `key`) to compare with.
    """
    mine = key(text)
    if len(mine.split()) < FEWEST_WORDS:
        return next(((at, 100.0) for at, other in enumerate(others) if other == mine), None)
    found = process.extractOne(mine, others, scorer=fuzz.ratio, score_cutoff=NEAR)
    return (int(found[2]), float(found[1])) if found else None


def pairs(keys: Sequence[str]) -> list[tuple[int, int, float]]:
    """All near twins among keys that differ: places (first < second) and nearness."""
    long = [at for at, one in enumerate(keys) if len(one.split()) >= FEWEST_WORDS]
    texts = [keys[at] for at in long]
    found = []
    for begin in range(0, len(texts), 500):  # a square of all would take hundreds of megabytes
        scores = process.cdist(texts[begin : begin + 500], texts, scorer=fuzz.ratio, score_cutoff=NEAR)
        for row, column in np.argwhere(scores):
            first, second = begin + int(row), int(column)
            if first < second and texts[first] != texts[second]:
                found.append((long[first], long[second], float(scores[row, column])))
    return found
