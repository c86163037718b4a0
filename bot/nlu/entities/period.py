"""Months and years as people say them, as symbols that services resolve against today. Pure.

"month:01" (the latest January), "month:2025-01", "relative:-1" (last month), "relative:0", "last",
"last:6", "year:2025". "El año pasado" is resolved here, against this year. How they are said is in
`lexicon/periods.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.nlu.entities.found import Found
from bot.nlu.entities.heard import Heard, pattern
from bot.nlu.lexicon.wordings import read_each, read_rules, read_sounds
from bot.nlu.spanish import NUMBER_SOUNDS

MONTHS = {sound: int(n) for n, names in read_sounds("periods", "months").items() for sound in names}
_OTHER = dict(read_rules("periods", "other"))
_NUMERIC = re.compile(r"\b(?:\d{1,2}[/-])?(0?[1-9]|1[0-2])[/-](20\d\d)\b|\b(20\d\d)[/-](0?[1-9]|1[0-2])\b")

_BY_WORDS = read_each("periods", "said")
_NOT_A_YEAR = read_sounds("periods")["not_a_year"]
_YEAR = pattern(r"20[12]\d")
_NAMED = pattern(rf"({'|'.join(MONTHS)})(?:(?: de| del)?(?: ano)? (20\d\d)| (?:de|del) (ano pasado|este ano))?")


def find_periods(heard: Heard, this_year: int | None = None) -> Iterator[Found]:
    """Entity `period`; spans do not overlap, the earlier rule wins."""
    taken: list[Found] = []
    for found in _all(heard, this_year or date.today().year):
        if not any(found.overlaps(other.start, other.end) for other in taken):
            taken.append(found)
    return iter(sorted(taken, key=lambda f: f.start))


def _all(heard: Heard, this_year: int) -> Iterator[Found]:
    for match in _NUMERIC.finditer(heard.text):
        year, month = (match.group(2), match.group(1)) if match.group(2) else (match.group(3), match.group(4))
        yield Found("period", f"month:{year}-{int(month):02d}", *match.span())
    for start, end, match in heard.find(_NAMED):
        if not _is_street(heard, match):
            yield Found("period", _month(match, this_year), start, end)
    for meaning, rule in _BY_WORDS:
        for start, end, match in heard.find(rule):
            yield Found("period", _said(meaning, match, this_year), start, end)
    for start, end, match in heard.find(_YEAR):
        before = heard.line[: match.start()].split()[-2:]
        if len(heard.words) > 1 and (before[-1:] in (["en"], ["del"]) or not _NOT_A_YEAR & set(before)):
            yield Found("period", f"year:{match.group()}", start, end)


def _said(meaning: str, match: re.Match[str], this_year: int) -> str:
    """The symbol with the number that was said, and with the year it is."""
    kind, _, number = meaning.partition(":")
    if kind == "year":
        return f"year:{this_year + int(number)}"
    return meaning.format(n=_number(match.group(1))) if "{n}" in number else meaning


def _number(said: str) -> int:
    return int(said) if said.isdigit() else NUMBER_SOUNDS[said]


def _month(match: re.Match[str], this_year: int) -> str:
    number, year, said = MONTHS[match.group(1)], match.group(2), match.group(3)
    if said:
        year = str(this_year if said.startswith("este") else this_year - 1)
    return f"month:{year}-{number:02d}" if year else f"month:{number:02d}"


def _is_street(heard: Heard, match: re.Match[str]) -> bool:
    """A street or quarter, not a month: "Av. 5 de Febrero", "16 de septiembre"."""
    before = heard.line[max(0, match.start() - 40) : match.start()].split()
    dated = " ".join([*before[-2:], match.group(1)])
    if any(_OTHER["street"].search(" ".join(before[-n:])) for n in range(1, 5)):
        return True
    return bool(_OTHER["holiday"].fullmatch(dated)) and before[-3:-2] not in (["el"], ["del"])
