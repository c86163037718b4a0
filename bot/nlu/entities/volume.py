"""Cubic metres: "18 m3", "dieciocho metros cúbicos", "mi medidor marca 1284". Pure."""

from __future__ import annotations

import re

from bot.nlu.entities.found import Found
from bot.nlu.entities.heard import Heard, pattern, words
from bot.nlu.entities.numerals import Numeral

_UNIT = re.compile(
    r"\s*(?:m\s?(?:3|³)|mts?\.?\s?(?:3|³)?|metros?(?:\s+(?:c[uú]bicos?|3|³))?|c[uú]bicos?|kubikos?)(?!\w)",
    re.IGNORECASE,
)
_DISTANCE = re.compile(r"\s+(?:de(?!\s+agua\b)|del|antes|despu[eé]s|m[aá]s|adelante|cuadrados?)\b", re.IGNORECASE)
_CUES = words(
    "marca marcando lectura lecturas medidor mide marcaba aparato contador decia reads reading"
    " caratula numeritos autolectura"
)
_METER = pattern("lecturas?|autolectura|caratula|numeritos|letura|lectira|medidor|mdidor|medidores|meter|reading")
_CUES_AFTER = pattern(
    r"(?:<2>)?(?:(?:esa |esta )?es (?:mi|la)|de) (?:lectura|medidor).*|(?:es )?lo que (?:marca|dice|trae).*"
)
_FILLERS = words(
    "el la mi es de del que dice actual esta en va ahorita hoy me salio da son numero sale trae a tiene : -"
)


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
    return bool(_METER.search(heard.line))


def _has_cue(heard: Heard, numeral: Numeral) -> bool:
    """The nearest word that is not filler; a number *of* the meter is its serial, not its reading."""
    said: list[str] = []
    for sound in heard.before(numeral.first, 6):
        if sound in _CUES:
            return not ("numero" in said and sound == "medidor")
        if sound not in _FILLERS:
            break
        said.append(sound)
    return bool(_CUES_AFTER.match(" ".join(heard.after(numeral.last, 6))))
