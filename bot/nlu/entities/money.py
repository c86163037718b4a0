"""Amounts in pesos: "$350", "350 pesos", "quinientos pesos con cincuenta", "pagué 350" (`lexicon/money.yml`). Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from bot.nlu.entities.found import Found
from bot.nlu.entities.heard import Heard
from bot.nlu.entities.numerals import Numeral
from bot.nlu.lexicon.wordings import read_sounds, read_written

_WRITTEN, _WORDS = read_written("money"), read_sounds("money")
_SIGN = re.compile(r"\$\s*$")
_UNIT = re.compile(rf"\s*(?:\$|(?:{_WRITTEN['units']})(?!\w))", re.IGNORECASE)
_CENTS = re.compile(rf"\s*(?:{_WRITTEN['joins']}|\s)\s*$", re.IGNORECASE)
_CENTS_UNIT = re.compile(rf"\s*(?:{_WRITTEN['centavos']})(?!\w)", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d)(?:k|(?<=[.,]\d)\s*mil)(?!\w)", re.IGNORECASE)  # "5k", "1.5 mil"
_PAYING, _FILLERS = _WORDS["paying"], _WORDS["fillers"]
_MILLIONS, _INSTALMENT = _WORDS["millions"], _WORDS["instalments"]
_MANY_DIGITS = 6
_LEAST_BY_CUE = 20


def read_amount(heard: Heard, numeral: Numeral, others: Sequence[Numeral]) -> tuple[Found, list[Numeral]] | None:
    """Entity `amount` with two decimals, and the numerals it used up (its own, and the one of the cents)."""
    if numeral.value is None:
        return None
    sign = _SIGN.search(heard.text, 0, numeral.start)
    unit = _UNIT.match(heard.text, numeral.end)
    start = sign.start() if sign else numeral.start
    end = unit.end() if unit else numeral.end
    cents = _cents(heard, end, others)
    thousands = None if numeral.spoken else _THOUSANDS.match(heard.text, numeral.end)
    counted = thousands or numeral.has_thousands or heard.words[numeral.last].sound in _MILLIONS
    if not (sign or unit or cents or counted or _is_paid(heard, numeral)):
        return None
    value = numeral.value
    if thousands:
        value, end = value * 1000, thousands.end()
        unit = _UNIT.match(heard.text, end)
        end = unit.end() if unit else end
    used = [numeral]
    if cents:
        value += Decimal(cents.digits) / 100
        used.append(cents)
        tail = _CENTS_UNIT.match(heard.text, cents.end)
        end = tail.end() if tail else cents.end
    return Found("amount", f"{value:.2f}", start, end), used


def _cents(heard: Heard, end: int, others: Sequence[Numeral]) -> Numeral | None:
    """The numeral after "con", or before "centavos"."""
    for other in others:
        if other.start >= end and len(other.digits) <= 2 and other.value is not None:
            between = heard.text[end : other.start]
            joined = between.strip().lower() == "con" or _CENTS_UNIT.match(heard.text, other.end)
            return other if joined and _CENTS.fullmatch(between) else None
    return None


def _is_paid(heard: Heard, numeral: Numeral) -> bool:
    """A verb of paying right before, but for fillers; long numbers are accounts and small ones are counts."""
    if len(numeral.digits) >= _MANY_DIGITS and not numeral.has_cents:
        return False
    if (numeral.value or 0) < _LEAST_BY_CUE:
        return False
    sounds = heard.before(numeral.first, 6)
    if sounds[:1] == ["el"] and (numeral.value or 0) <= 31:  # a day of the month
        return False
    if len(numeral.digits) == 4 and 2000 <= (numeral.value or 0) < 2040 and sounds[:1] in (["en"], ["del"]):
        return False  # a year
    if heard.after(numeral.last, 1) in (["por"], ["al"]) and _INSTALMENT & set(heard.after(numeral.last, 2)):
        return True  # "de a 200 por semana"
    for sound in sounds:
        if sound in _PAYING:
            return True
        if sound not in _FILLERS:
            return False
    return False
