"""Word lists by their sounds, and patterns of wordings, from the lexicon's files.

A wording may name a word list of its own file: `{bill}` stands for any word of `words: bill`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.entities.heard import pattern, words
from bot.nlu.lexicon import read

Rules = list[tuple[str, "re.Pattern[str]"]]
_LIST = re.compile(r"\{([a-z_]+)\}")
WORDS, WRITTEN = "words", "written"


def read_rules(name: str, section: str | None = None) -> Rules:
    """The kinds of one file (or one section of it) in order, each with a pattern of all its wordings."""
    return [(kind, pattern("|".join(wordings))) for kind, wordings in _kinds(name, section)]


def read_each(name: str, section: str) -> Rules:
    """The same with a pattern for every single wording, where it matters what each of them names."""
    return [(kind, pattern(wording)) for kind, wordings in _kinds(name, section) for wording in wordings]


def read_sounds(name: str, section: str = WORDS) -> dict[str, frozenset[str]]:
    """The word lists of one section by name, as they are heard."""
    return {kind: words(listed) for kind, listed in read(name)[section].items()}


def read_written(name: str) -> dict[str, str]:
    """Wordings for the text as it is written, each kind an alternation for a pattern of the caller's."""
    return {kind: "|".join(wordings) for kind, wordings in read(name)[WRITTEN].items()}


def _kinds(name: str, section: str | None) -> Iterator[tuple[str, list[str]]]:
    data = read(name)
    lists = data.get(WORDS, {})
    for kind, wordings in (data[section] if section else data).items():
        yield kind, [_LIST.sub(lambda m: "|".join(lists[m[1]].split()), wording) for wording in wordings]
