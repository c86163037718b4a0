"""Colonias, localities and municipalities, known or not (`lexicon/places.yml`). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.nlu.entities.found import Found
from bot.nlu.entities.gazetteer import LONGEST_NAME, Gazetteer, Place, without_articles
from bot.nlu.entities.heard import STOP, Heard
from bot.nlu.lexicon import read_words
from bot.nlu.lexicon.wordings import read_rules, read_sounds
from bot.nlu.spanish import fold, spell

_PLACES = read_sounds("places")
_KIND = _PLACES["named"] | _PLACES["kinds"]
_CUES = _KIND | _PLACES["where"] | _PLACES["landmarks"]
_ARTICLES, _STREET, _PERSON = _PLACES["articles"], _PLACES["streets"], _PLACES["people"]
_AFTER_UNKNOWN, _NO_PLACE = _PLACES["after_name"], _PLACES["no_name"]
_NEVER_AT_AN_END = _PLACES["never_at_an_end"]
_ORDINARY = frozenset(spell(fold(word)) for word in read_words("ordinary")["ordinary"])
_RULES = dict(read_rules("places", "rules"))
_UNKNOWN, _HERE, _SECTION = _RULES["unknown"], _RULES["here"], _RULES["section"]
_FUZZY_WITH_CUE, _FUZZY, _FUZZY_COMMON = 83.0, 90.0, 88.0
_SHORTEST = 6
_SEARCHED_WORDS = 60


@dataclass(frozen=True)
class _Window:
    first: int
    last: int
    sound: str
    cued: bool
    alone: bool


def find_zones(heard: Heard, gazetteer: Gazetteer) -> Iterator[Found]:
    """Entity `zone`: the place's own name, or for a place not in the gazetteer the citizen's words."""
    taken: list[Found] = []
    for found in (*_known(heard, gazetteer), *_unknown(heard)):
        if not any(found.overlaps(other.start, other.end) for other in taken):
            taken.append(found)
    return iter(sorted(taken, key=lambda f: f.start))


def _known(heard: Heard, gazetteer: Gazetteer) -> list[Found]:
    """The longest names first, and of two of one length the surer one."""
    scored = []
    for window in _windows(heard):
        match = _match(window, gazetteer)
        if match:
            place, score = match
            start, end = heard.words[window.first].start, heard.words[_with_section(heard, window.last)].end
            scored.append((window.last - window.first, score, Found("zone", place.name, start, end)))
    return [found for *_, found in sorted(scored, key=lambda s: s[:2], reverse=True)]


def _with_section(heard: Heard, last: int) -> int:
    """The word that ends a name: "Álamos" goes on in "Álamos segunda sección"."""
    for count in (3, 2, 1):
        after = heard.words[last + 1 : last + 1 + count]
        if len(after) == count and _SECTION.fullmatch(" ".join(w.sound for w in after)):
            return last + count
    return last


def _match(window: _Window, gazetteer: Gazetteer) -> tuple[Place, float] | None:
    sure = window.cued or window.alone
    place = gazetteer.exact(window.sound)
    if place:
        return (place, 100.0) if sure or not place.common else None
    bare = without_articles(window.sound)
    spoken = bare.split()
    if gazetteer.exact(bare):  # the same name without its article is found by itself
        return None
    if len(bare) < _SHORTEST or spoken[0] in _NEVER_AT_AN_END or spoken[-1] in _NEVER_AT_AN_END:
        return None
    if len(spoken) == 1 and (bare in _ORDINARY or not sure):
        return None
    close = gazetteer.like(bare, _FUZZY_WITH_CUE if sure else _FUZZY)
    if close and close[0].common and (close[1] < _FUZZY_COMMON or not sure):
        return None
    return close


def _windows(heard: Heard) -> Iterator[_Window]:
    """Runs of one to five words that may name a place: not after "calle", not across punctuation."""
    spoken = heard.words[:_SEARCHED_WORDS]
    for i, word in enumerate(spoken):
        if word.sound == STOP or word.sound in _STREET:
            continue
        before = heard.before(i, 3)
        if _named_otherwise(before):
            continue
        for j in range(i, min(i + LONGEST_NAME, len(spoken))):
            if spoken[j].sound == STOP:
                break
            sound = " ".join(w.sound for w in spoken[i : j + 1])
            yield _Window(i, j, sound, _is_cued(before), _is_all(heard, i, j))


def _named_otherwise(before: list[str]) -> bool:
    for sound in before:
        if sound in _STREET or sound in _PERSON:
            return True
        if sound not in _ARTICLES:
            return False
    return False


def _is_cued(before: list[str]) -> bool:
    for sound in before:
        if sound in _CUES:
            return True
        if sound not in _ARTICLES:
            return False
    return False


def _is_all(heard: Heard, first: int, last: int) -> bool:
    """Nothing else is said in this part of the sentence but articles: "calle Allende 112, centro"."""
    others = heard.before(first, len(heard.words)) + heard.after(last, len(heard.words))
    return all(sound in _ARTICLES for sound in others)


def _unknown(heard: Heard) -> Iterator[Found]:
    for rule, is_kind in ((_UNKNOWN, True), (_HERE, False)):
        for _, end, _match in heard.find(rule):
            first = next((i for i, w in enumerate(heard.words) if w.start >= end), len(heard.words))
            named = _name(heard, first, is_kind)
            if named:
                yield Found("zone", heard.text[named[0] : named[1]], *named)


def _name(heard: Heard, first: int, is_kind: bool) -> tuple[int, int] | None:
    """Up to four words from `first` on, of which the last is not "de" or an article."""
    last = -1
    for i, word in enumerate(heard.words[first : first + 4], start=first):
        if word.sound == STOP or word.sound in _AFTER_UNKNOWN or word.is_number:
            break
        if i == first and word.sound in _NO_PLACE and not (is_kind and word.sound in _ARTICLES):
            break
        if word.sound not in _ARTICLES:
            last = i
    return (heard.words[first].start, heard.words[last].end) if last >= first else None
