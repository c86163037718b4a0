"""Whether a message is in English. Pure; a borrowed word does not make it so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.entities.found import Found
from bot.nlu.lexicon import read_words
from bot.nlu.spanish import fold

_WORD = re.compile(r"[a-z']+")
_WORDS = read_words("language")
_ENGLISH, _SPANISH = _WORDS["english"], _WORDS["spanish"]
_SHARED = _ENGLISH & _SPANISH


def find_english(text: str) -> Iterator[Found]:
    """Entity `language` with value "en" over the whole text, where most of its words are English."""
    words = _WORD.findall(fold(text).replace("’", "'"))
    english = sum(w in _ENGLISH and w not in _SHARED for w in words)
    spanish = sum(w in _SPANISH and w not in _SHARED for w in words)
    if english >= 2 and english > 2 * spanish and english >= 0.4 * len(words):
        yield Found("language", "en", 0, len(text))
