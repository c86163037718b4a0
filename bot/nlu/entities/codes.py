"""Folios of reports, and other codes whose digits are not numbers of ours (`lexicon/codes.yml`). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.entities.found import Found
from bot.nlu.lexicon.wordings import read_written

_WRITTEN = read_written("codes")
_CUE = rf"(?:{_WRITTEN['cues']})"
_FILLER = rf"(?:\s*(?:{_WRITTEN['fillers']}))*\s*"
_AFTER_CUE = re.compile(
    rf"\b{_CUE}{_FILLER}((?:[b-df-hj-np-tv-xz] (?=\d)|(?=[\w-]*\d)[a-z]{{0,4}}-?|cea )\d{{3,12}}(?:-\d{{1,6}})*)\b",
    re.IGNORECASE,
)
_BY_SHAPE = re.compile(r"\b((?:CEA|REP|RPT?)-?\d{3,9}|OT?-?\d{5,9}|[A-Z]{2,4}-\d{4,9})\b", re.IGNORECASE)
_SPELLED = re.compile(rf"\b{_CUE}{_FILLER}((?:[a-z] ){{0,4}}(?:\d ){{3,11}}\d)\b", re.IGNORECASE)
_NOT_NUMBERS = [
    re.compile(r"\b[A-ZÑ&]{3,4}\d{6}[A-Z\d]{2,3}\b", re.IGNORECASE),  # RFC
    re.compile(r"\b[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z\d]\d\b", re.IGNORECASE),  # CURP
    re.compile(r"\b\d{1,2}:\d{2}(?:\s*hrs?)?\b|\b24/7\b"),
    re.compile(r"\b(?:0?[1-9]|[12]\d|3[01])[/.](?:0?[1-9]|1[0-2])(?:[/.](?:20)?\d\d)?\b(?![.,]?\d)"),
    re.compile(r"\b(?:0?[1-9]|[12]\d|3[01])-(?:0?[1-9]|1[0-2])-20\d\d\b"),
    re.compile(r"\b(?:0?[1-9]|1[0-2])[/-]20\d\d\b|\b20\d\d[/-](?:0?[1-9]|1[0-2])(?:[/-]\d\d)?\b"),
    re.compile(r"(?:https?://|www\.)\S+"),
    re.compile(r"\b\d+(?:\.\d+)?\s*%"),
    re.compile(r"\bcfdi\s*(?:versi[oó]n\s*)?\d\.\d\b", re.IGNORECASE),
    re.compile(r"(?<=[a-zA-Z])[23]\b|\bh2o\b", re.IGNORECASE),  # m3, ok2
    re.compile(r"\b(?:a|de|hasta) las? \d{1,2}\b(?!\d)|\b\d{1,2}\s?(?:[ap]\.?m\b|hrs?\b|horas\b)", re.IGNORECASE),
]


def find_tracking_numbers(text: str) -> Iterator[Found]:
    """Entity `tracking_number`: in capitals, as the folio was given."""
    seen: set[int] = set()
    for shape in (_SPELLED, _AFTER_CUE, _BY_SHAPE):
        for match in shape.finditer(text):
            if match.start(1) not in seen:
                seen.add(match.start(1))
                yield Found("tracking_number", match.group(1).upper().replace(" ", ""), match.start(1), match.end(1))


def other_codes(text: str) -> list[tuple[int, int]]:
    """Spans whose digits are part of something else: RFC, CURP, times, dates, links, percentages."""
    return [match.span() for shape in _NOT_NUMBERS for match in shape.finditer(text)]
