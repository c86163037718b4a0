"""Figures in a text in whatever way people write them: digits, words, keycaps, or a mixture. Pure.

"123456", "12-34-56", "uno dos tres…", "doce treinta y cuatro 56", "cero y luego doble cinco", "1️⃣2️⃣3️⃣". All readings
of a text are given, also unlikely ones: whoever asks knows (by a hash) which of them is the secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import decimal, normalize

from services.spelling import fold

_BELOW_THIRTY = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis"
    " diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco"
    " veintiseis veintisiete veintiocho veintinueve"
)
_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_HUNDREDS = "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
_ENGLISH = "zero one two three four five six seven eight nine"
_FILLERS = frozenset("y e and luego despues coma punto guion espacio con".split())
_FEW_FILLERS = 2
_TOKEN = re.compile(r"\d+|(?:[^\W\d_][\u0300-\u036f]*)+")
_MARKS = re.compile(r"[\W_]{0,12}")  # may stand between two parts; what makes a keycap is among them
_SLIPS = str.maketrans("zvq", "sbk")


def _sound(word: str) -> str:
    """One spelling for the usual slips: "sinco", "zeis", "kuatro", "nuebe", "ocho" as "oxo"."""
    plain = fold(word).replace("qu", "k").replace("ch", "x").replace("h", "")
    plain = re.sub(r"c(?=[ei])", "s", plain).replace("c", "k").translate(_SLIPS)
    return re.sub(r"(.)\1+", r"\1", plain)


def _counted(words: str, first: int, step: int) -> dict[str, int]:
    return {_sound(word): step * n for n, word in enumerate(words.split(), start=first)}


_VALUES = {
    **_counted(_ENGLISH, 0, 1),
    **_counted(_HUNDREDS, 1, 100),
    **_counted(_TENS, 3, 10),
    **_counted(_BELOW_THIRTY, 0, 1),
    **{_sound(word): 1 for word in ("un", "una")},
    _sound("cien"): 100,
}
_TIMES = {_sound("doble"): 2, _sound("double"): 2, _sound("triple"): 3}
_MIL, _AND = _sound("mil"), _sound("y")


@dataclass(frozen=True)
class Part:
    """A group of digits (`figures`), a number word (`value`) or any other word."""

    start: int
    end: int
    sound: str
    figures: str | None
    value: int | None


@dataclass(frozen=True)
class SaidDigits:
    """One reading: the figures, and where they stand in the text."""

    figures: str
    start: int
    end: int


def digits_said(text: str, length: int) -> set[SaidDigits]:
    """Every reading that makes exactly so many figures; a group written in digits is never cut."""
    plain = "".join(n if len(n := normalize("NFKC", c)) == 1 else c for c in text)
    reader = _Reader(plain, [_part(match) for match in _TOKEN.finditer(plain)])
    found: set[SaidDigits] = set()
    for at, part in enumerate(reader.parts):
        for figures, after in reader.figures(at, length):
            found.add(SaidDigits(figures, part.start, reader.parts[after - 1].end))
    return found


def hide_digits(text: str, figures: str, instead: str) -> str:
    """The text with `instead` wherever these figures are said."""
    spans = sorted((s.start, s.end) for s in digits_said(text, len(figures)) if s.figures == figures)
    for start, end in reversed([s for s in spans if not any(o[0] <= s[0] and s[1] <= o[1] and o != s for o in spans)]):
        text = text[:start] + instead + text[end:]
    return text


def _part(match: re.Match[str]) -> Part:
    said = match.group()
    figures = "".join(str(decimal(c)) for c in said) if said[0].isdecimal() else None
    sound = "" if figures else _sound(said)
    return Part(match.start(), match.end(), sound, figures, _VALUES.get(sound))


@dataclass(frozen=True)
class _Reader:
    text: str
    parts: Sequence[Part]

    def figures(self, at: int, length: int) -> Iterator[tuple[str, int]]:
        """The figures said from part `at` on, exactly so many, and the part after them."""
        for said, after in self._number(at):
            if len(said) == length:
                yield said, after
            elif len(said) < length:
                for following in self._nexts(after):
                    yield from ((said + rest, end) for rest, end in self.figures(following, length - len(said)))

    def _nexts(self, at: int) -> Iterator[int]:
        """Where the next number may begin: here, or after a filler or two."""
        for skipped in range(_FEW_FILLERS + 1):
            if not self._follows(at + skipped):
                return
            yield at + skipped
            if self.parts[at + skipped].sound not in _FILLERS:
                return

    def _follows(self, at: int) -> bool:
        """Whether a part is there, with nothing but marks before it."""
        if not 0 < at < len(self.parts):
            return at == 0 and bool(self.parts)
        return bool(_MARKS.fullmatch(self.text[self.parts[at - 1].end : self.parts[at].start]))

    def _number(self, at: int) -> Iterator[tuple[str, int]]:
        part = self.parts[at]
        if part.figures:
            yield part.figures, at + 1
        if part.sound in _TIMES and self._follows(at + 1) and self.parts[at + 1].sound not in _TIMES:
            yield from ((said * _TIMES[part.sound], end) for said, end in self._number(at + 1) if len(said) == 1)
        yield from ((str(value), end) for value, end in self._counted(at))

    def _counted(self, at: int) -> Iterator[tuple[int, int]]:
        """A number in words below a million."""
        for value, after in [*self._below(at, 1000), *([(1, at)] if self.parts[at].sound == _MIL else [])]:
            if after > at:
                yield value, after
            if self._is(after, _MIL) and (value or after > at):
                yield value * 1000, after + 1
                if self._follows(after + 1):
                    yield from ((value * 1000 + more, end) for more, end in self._below(after + 1, 1000))

    def _below(self, at: int, limit: int) -> Iterator[tuple[int, int]]:
        value = self.parts[at].value
        if value is None or value >= limit:
            return
        yield value, at + 1
        room = 100 if value >= 100 else 10 if value >= 30 else 0
        after = at + 2 if room == 10 and self._is(at + 1, _AND) else at + 1
        if room and self._follows(after):
            yield from ((value + more, end) for more, end in self._below(after, room) if more)

    def _is(self, at: int, sound: str) -> bool:
        return self._follows(at) and self.parts[at].sound == sound
