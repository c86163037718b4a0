"""What each number of a message is: account, code, amount, reading, telephone, postcode or none. Pure.

A bare number can be several things at once: all readings over the same span are given, and the dialogue takes
the one it asked for. A cue ("contrato", "código", "$", "m³") leaves only that reading; the cues are in
`lexicon/figures.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.entities.found import Found
from bot.nlu.entities.heard import Heard
from bot.nlu.entities.money import read_amount
from bot.nlu.entities.numerals import AND, Numeral, numerals
from bot.nlu.entities.phone import looks_like_phone, ten_digits
from bot.nlu.entities.volume import is_meter_spoken_of, read_volume
from bot.nlu.lexicon.wordings import read_sounds

CONTRACT, CODE, PHONE, POSTCODE, NUMBER = "contract_number", "otp_code", "phone", "zone", "number"
READING = "reading_m3"
_CUES = read_sounds("figures", "cues")
_WORDS = read_sounds("figures")
_POSTCODE = re.compile(r"76\d{3}")
_LENGTHS = range(6, 11)
_READING_LENGTHS = range(2, 6)
_SHORTEST_BY_CUE = 3
_CODE_LENGTH = 6


def find_figures(heard: Heard, masked: list[tuple[int, int]]) -> Iterator[Found]:
    """Every number outside `masked` spans, as all that it can be."""
    found = numerals(heard, masked)
    used: set[int] = set()
    for i, numeral in enumerate(found):
        if numeral.start in used or _is_about(heard, numeral) or _is_taken_back(heard, numeral, found[i + 1 :]):
            continue
        volume = read_volume(heard, numeral)
        if volume:
            yield volume
            continue
        if _is_count(heard, numeral):
            continue
        amount = read_amount(heard, numeral, found[i + 1 :])
        if amount:
            used |= {n.start for n in amount[1]}
            yield amount[0]
            continue
        for entity, value in _readings(heard, numeral):
            yield Found(entity, value, numeral.start, numeral.end)


def _is_taken_back(heard: Heard, numeral: Numeral, later: list[Numeral]) -> bool:
    """What is not meant, where what is meant follows: "no es 877, es 787"."""
    before = next((sound for sound in heard.before(numeral.first, 4) if sound not in _WORDS["taken_back"]), None)
    return before == "no" and bool(later)


def _is_about(heard: Heard, numeral: Numeral) -> bool:
    """No sum that could be paid, nor anything else: "mil y pico"."""
    after = heard.after(numeral.last, 2)
    return after[:1] == [AND] and bool(_WORDS["about"] & set(after))


def _readings(heard: Heard, numeral: Numeral) -> Iterator[tuple[str, str]]:
    digits = numeral.digits
    cue = _cue(heard, numeral)
    phone = ten_digits(numeral)
    if phone and (looks_like_phone(numeral) or cue == PHONE):
        yield PHONE, phone
    elif cue == NUMBER and phone:
        yield from _bare(numeral, phone)
    elif cue in (CONTRACT, NUMBER) and _SHORTEST_BY_CUE <= len(digits) <= _LENGTHS.stop - 1:
        yield CONTRACT, digits
    elif cue == CODE and len(digits) == _CODE_LENGTH:
        yield CODE, digits
    elif cue == POSTCODE and len(digits) == 5:
        yield POSTCODE, digits
    elif cue != "address" or len(digits) in _LENGTHS:
        yield from _bare(numeral, phone)
        if is_meter_spoken_of(heard) and len(digits) in _READING_LENGTHS:
            yield READING, digits


def _bare(numeral: Numeral, phone: str | None) -> Iterator[tuple[str, str]]:
    digits = numeral.digits
    if numeral.has_cents or numeral.is_spoken_sum:
        yield "amount", f"{numeral.value:.2f}"
        yield NUMBER, str(numeral.value)
        return
    if len(digits) in _LENGTHS:
        yield CONTRACT, digits
    if len(digits) == _CODE_LENGTH:
        yield CODE, digits
    if phone:
        yield PHONE, phone
    if _POSTCODE.fullmatch(digits):
        yield POSTCODE, digits
    yield NUMBER, digits


def _cue(heard: Heard, numeral: Numeral) -> str | None:
    """What the words around say it is; the nearest cue before it, else one right after."""
    numbered = False
    for sound in heard.before(numeral.first, 7):
        for kind, cues in _CUES.items():
            if sound in cues and not (sound in _WORDS["only_numbered"] and not numbered):
                return kind
        numbered = numbered or sound in _WORDS["number"]
        if sound not in _WORDS["fillers"]:
            break
    return _cue_after(heard, numeral) or (NUMBER if numbered else None)


def _cue_after(heard: Heard, numeral: Numeral) -> str | None:
    """What follows it: "455123 es mi contrato"."""
    sounds = heard.after(numeral.last, 6)
    if sounds[:1] != ["es"]:
        return None
    for sound in sounds:
        for kind in (CONTRACT, CODE, PHONE):
            if sound in _CUES[kind]:
                return kind
        if sound not in _WORDS["after_fillers"]:
            return None
    return None


def _is_count(heard: Heard, numeral: Numeral) -> bool:
    """A count of something, not an answer to a question: "3 meses", "los últimos 6", "hace dos"."""
    if len(numeral.digits) >= _LENGTHS.start:
        return False
    after, before = set(heard.after(numeral.last, 1)), set(heard.before(numeral.first, 1))
    return bool(_WORDS["units"] & after or _WORDS["counting"] & before)
