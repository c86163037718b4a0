"""Every number a message says, in digits or words, grouped as its writer meant it. Pure.

"455 123", "4 5 5 1 2 3", "45-51-23" and "cuatro cinco cinco uno dos tres" are one number of six digits;
"350 del 455123" are two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.nlu.entities.heard import STOP, Heard, Word, words
from bot.nlu.number_words import Number, Piece, numbers
from bot.nlu.spanish import NUMBER_SOUNDS, fold

_BETWEEN = re.compile(r"[ \u00a0]?[-–.)]?[ \u00a0]{0,2}|, ?")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?")
_DECIMAL = re.compile(r"\d+[.,]\d{1,2}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ARTICLES = frozenset({"un", "una", "uno"})
AND = "i"  # the sound of "y"
_SEPARATORS = {"-", "–", STOP}
_MONEY = words("peso pesos pesitos varos baros bolas")


@dataclass(frozen=True)
class Numeral:
    """A number and its place; `first` and `last` are its words in `Heard.words`."""

    start: int
    end: int
    digits: str
    value: Decimal | None  # None where digits were listed, not counted
    first: int
    last: int
    widths: tuple[int, ...] = ()  # digits a group, as written
    spoken: bool = False  # in words

    @property
    def has_cents(self) -> bool:
        """Written with two decimals, as money is."""
        return self.value is not None and self.value.as_tuple().exponent == -2

    @property
    def has_thousands(self) -> bool:
        """Written with a comma after the thousands, as money is and accounts are not."""
        return self.value is not None and self.widths != () and self.widths[0] > len(self.digits)

    @property
    def has_fraction(self) -> bool:
        """Written with decimals."""
        return self.value is not None and self.value != self.value.to_integral_value()

    @property
    def is_spoken_sum(self) -> bool:
        """Hundreds counted in words ("setecientos veinte"), as people say money; not a year, nor "mil gracias"."""
        if not self.spoken or self.value is None or 1990 <= self.value <= 2040:
            return False
        return self.value >= 100 and self.value not in (100, 1000, 1_000_000)


def numerals(heard: Heard, masked: Iterable[tuple[int, int]] = ()) -> list[Numeral]:
    """The numbers of the text in order, without those inside `masked` spans."""
    spans = list(masked)
    found: list[Numeral] = []
    for run in _runs(heard, spans):
        found += _read_run(heard, run)
    return found


def _runs(heard: Heard, masked: list[tuple[int, int]]) -> Iterator[list[int]]:
    """Word indexes of number words and digit groups that stand next to each other."""
    run: list[int] = []
    for i, word in enumerate(heard.words):
        if run and word.sound in _SEPARATORS:
            continue
        hidden = any(start < word.end and word.start < end for start, end in masked)
        if not hidden and _is_part(heard, i, bool(run)) and (not run or _touch(heard, run[-1], i)):
            run.append(i)
            continue
        if run:
            yield run
        run = [i] if not hidden and _is_part(heard, i, False) else []
    if run:
        yield run


def _is_part(heard: Heard, i: int, in_run: bool) -> bool:
    word = heard.words[i]
    if word.is_number:
        return True
    if word.sound in _ARTICLES:
        following = heard.words[i + 1].sound if i + 1 < len(heard.words) else ""
        return in_run or NUMBER_SOUNDS.get(following, 0) >= 1000 or (word.sound == "uno" and _spoken(following))
    if word.sound == AND and in_run and i + 1 < len(heard.words):
        before = NUMBER_SOUNDS.get(heard.words[i - 1].sound, 0)
        return 20 <= before < 100 and 0 < NUMBER_SOUNDS.get(heard.words[i + 1].sound, 0) < 10
    return _spoken(word.sound) and not _is_feeling(heard, i)


def _spoken(sound: str) -> bool:
    return sound in NUMBER_SOUNDS and sound not in {"un", "una"}


def _is_feeling(heard: Heard, i: int) -> bool:
    """What sounds as "ciento" is a hundred only where it begins a number: "siento que me roban"."""
    word = heard.words[i]
    following = heard.words[i + 1] if i + 1 < len(heard.words) else None
    counts = following is not None and (_spoken(following.sound) or following.sound in _MONEY)
    return fold(heard.text[word.start : word.end]) == "siento" and not counts


def _touch(heard: Heard, i: int, j: int) -> bool:
    return bool(_BETWEEN.fullmatch(heard.text[heard.words[i].end : heard.words[j].start]))


def _read_run(heard: Heard, run: list[int]) -> Iterator[Numeral]:
    """Money and other figures with separators stand alone; the rest is counted or listed."""
    plain: list[int] = []
    for i in run:
        figure = _figure(heard, i)
        if figure is None:
            plain.append(i)
            continue
        yield from _listed(plain, heard)
        plain = []
        yield figure
    yield from _listed(plain, heard)


def _figure(heard: Heard, i: int) -> Numeral | None:
    word = heard.words[i]
    if not word.is_number or word.sound.isdigit():
        return None
    text = word.sound
    if _THOUSANDS.fullmatch(text):
        value: Decimal | None = Decimal(text.replace(",", ""))
    elif _DECIMAL.fullmatch(text):
        value = Decimal(text.replace(",", "."))
    else:
        value = None
    return Numeral(word.start, word.end, re.sub(r"\D", "", text), value, i, i, (len(text),))


def _listed(run: list[int], heard: Heard) -> Iterator[Numeral]:
    read = list(numbers(_piece(heard.words[i]) for i in run))
    index_at = {heard.words[i].start: i for i in run} | {heard.words[i].end: i for i in run}
    for group in _groups(read):
        first, last = index_at[group[0].start], index_at[group[-1].end]
        digits = "".join(n.digits for n in group)
        value = Decimal(group[0].value) if len(group) == 1 else None
        widths = tuple(len(n.digits) for n in group)
        spoken = not any(n.in_digits for n in group)
        yield Numeral(group[0].start, group[-1].end, digits, value, first, last, widths, spoken)


def _piece(word: Word) -> Piece:
    if word.is_number:
        return Piece(word.start, word.end, int(word.sound), word.sound)
    return Piece(word.start, word.end, NUMBER_SOUNDS.get(word.sound))


def _groups(read: list[Number]) -> Iterator[list[Number]]:
    """Neighbouring numbers that are one identifier together, else each alone."""
    group: list[Number] = []
    for number in read:
        if group and not _belongs(group, number):
            yield from _settled(group)
            group = []
        group.append(number)
    yield from _settled(group)


def _belongs(group: list[Number], number: Number) -> bool:
    """A long group begins something new, except after an area code ("442 1234567", "52 4421234567")."""
    before = "".join(n.digits for n in group)
    if len(group[-1].digits) >= 6:
        return False
    if len(number.digits) >= 6:
        return (before.startswith("52") and len(number.digits) == 10) or len(before + number.digits) == 10
    return True


def _settled(group: list[Number]) -> Iterator[list[Number]]:
    total = sum(len(n.digits) for n in group)
    years = all(_YEAR.fullmatch(n.digits) for n in group)
    one_by_one = len(group) >= 3 and all(len(n.digits) == 1 for n in group)
    if (6 <= total <= 13 and not years) or one_by_one:
        yield group
    else:
        yield from ([n] for n in group)
