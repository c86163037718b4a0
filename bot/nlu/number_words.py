"""Spanish number words and the numbers they make. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_BELOW_THIRTY = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis"
    " diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco"
    " veintiseis veintisiete veintiocho veintinueve"
)
_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_HUNDREDS = "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"


def _counted(words: str, first: int, step: int) -> dict[str, int]:
    return {word: step * n for n, word in enumerate(words.split(), start=first)}


NUMBER_WORDS: dict[str, int] = {
    **_counted(_BELOW_THIRTY, 0, 1),
    **_counted(_TENS, 3, 10),
    **_counted(_HUNDREDS, 1, 100),
    "un": 1,
    "una": 1,
    "ventiuno": 21,
    "cien": 100,
    "doscientas": 200,
    "trescientas": 300,
    "quinientas": 500,
    "mil": 1000,
    "millon": 1_000_000,
    "millones": 1_000_000,
}


@dataclass(frozen=True)
class Piece:
    """One number word, digit group or "y": `value` is None for "y", `written` the digits if it was digits."""

    start: int
    end: int
    value: int | None
    written: str | None = None


@dataclass
class Number:
    """Pieces that together say one number: "mil doscientos" is one, "cuatro cinco" are two."""

    start: int
    end: int
    value: int
    digits: str  # as it would be read off a bill: leading zeros kept
    in_digits: bool = False
    _open: int = 0  # what the next piece must stay below; 0: closed
    _group: int = 0  # the part after the last "mil"

    def takes(self, piece: Piece, joined: bool) -> bool:
        """Add the piece if Spanish allows it here; `joined` says a "y" stands before it."""
        value = piece.value or 0
        if value >= 1000 and piece.written is None:
            return self._multiply(value, piece.end)
        is_tail = piece.written is None or (self._open == 1000 and not piece.written.startswith("0"))
        ok_and = self._group % 100 >= 20 and value < 10 if joined else True
        if not (is_tail and ok_and and 0 < value < self._open):
            return False
        self.value, self._group = self.value + value, self._group + value
        self._open = _room(value) if piece.written is None else 0
        self.end, self.digits = piece.end, str(self.value)
        return True

    def _multiply(self, factor: int, end: int) -> bool:
        if self._group == 0 or self._group >= 1000 or (self.in_digits and self.digits.startswith("0")):
            return False
        self.value += self._group * (factor - 1)
        self._group, self._open = 0, factor
        self.end, self.digits = end, str(self.value)
        return True


def _room(value: int) -> int:
    """What may still follow a spoken value: tens after hundreds, units after tens."""
    if value % 100 == 0:
        return 100
    return 10 if value >= 30 and value % 10 == 0 else 0


def _first(piece: Piece) -> Number:
    value = piece.value or 0
    is_mil = piece.written is None and value >= 1000
    return Number(
        piece.start,
        piece.end,
        value,
        piece.written or str(value),
        in_digits=piece.written is not None,
        _open=value if is_mil else _room(value) if piece.written is None and value else 0,
        _group=0 if is_mil else value,
    )


def numbers(pieces: Iterable[Piece]) -> Iterator[Number]:
    """The numbers a run of neighbouring pieces says, in order."""
    current: Number | None = None
    joined = False
    for piece in pieces:
        if piece.value is None:
            joined = True
            continue
        if current is None or not current.takes(piece, joined):
            if current is not None:
                yield current
            current = _first(piece)
        joined = False
    if current is not None:
        yield current
