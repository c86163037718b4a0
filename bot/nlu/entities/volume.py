"""Cubic metres: "18 m3", "dieciocho metros cúbicos", "mi medidor marca 1284" (`lexicon/volume.yml`). Pure."""

from __future__ import annotations

import re

from bot.nlu.entities.found import Found
from bot.nlu.entities.heard import Heard
from bot.nlu.entities.numerals import Numeral
from bot.nlu.lexicon.wordings import read_rules, read_sounds, read_written

_WRITTEN, _WORDS, _RULES = read_written("volume"), read_sounds("volume"), dict(read_rules("volume", "rules"))
_UNIT = re.compile(rf"\s*(?:{_WRITTEN['units']})(?!\w)", re.IGNORECASE)
_DISTANCE = re.compile(rf"\s+(?:{_WRITTEN['distances']})\b", re.IGNORECASE)


def read_volume(heard: Heard, numeral: Numeral) -> Found | None:
    """Entity `reading_m3`: whole cubic metres as they were read, zeros and all, if the number is of them."""
    if numeral.value is None and len(numeral.digits) > 6:
        return None
    value = numeral.digits if numeral.value is None or not numeral.has_fraction else str(int(numeral.value))
    unit = _UNIT.match(heard.text, numeral.end)
    if unit and not _DISTANCE.match(heard.text, unit.end()):
        return Found("reading_m3", value, numeral.start, unit.end())
    if len(numeral.digits) <= 6 and _has_cue(heard, numeral):
        return Found("reading_m3", value, numeral.start, numeral.end)
    return None


def is_meter_spoken_of(heard: Heard) -> bool:
    """Whether a bare number in this message may be a reading."""
    return bool(_RULES["meter"].search(heard.line))


def _has_cue(heard: Heard, numeral: Numeral) -> bool:
    """The nearest word that is not filler; a number *of* the meter is its serial, not its reading."""
    said: list[str] = []
    for sound in heard.before(numeral.first, 6):
        if sound in _WORDS["cues"]:
            return not (sound in _WORDS["serial"] and _WORDS["number"] & set(said))
        if sound not in _WORDS["fillers"]:
            break
        said.append(sound)
    return bool(_RULES["after"].match(" ".join(heard.after(numeral.last, 6))))
