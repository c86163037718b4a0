"""Mexican telephone numbers: ten digits, the country's 52 (and the old 1) left off. Pure."""

from __future__ import annotations

from bot.nlu.entities.numerals import Numeral

_GROUPINGS = {(3, 3, 4), (2, 4, 4), (3, 7), (2, 8), (3, 3, 2, 2), (2, 2, 2, 2, 2), (3, 2, 2, 3), (3, 4, 3)}
_LENGTH = 10


def ten_digits(numeral: Numeral) -> str | None:
    """The number without 52 or 521, if ten digits are left that can be a Mexican number."""
    digits = numeral.digits
    for prefix in ("521", "52"):
        if len(digits) == _LENGTH + len(prefix) and digits.startswith(prefix):
            digits = digits[len(prefix) :]
    return digits if len(digits) == _LENGTH and digits[0] not in "01" else None


def looks_like_phone(numeral: Numeral) -> bool:
    """Written the way only telephones are: in their groups, or with the country's prefix."""
    if ten_digits(numeral) is None:
        return False
    return len(numeral.digits) > _LENGTH or numeral.widths in _GROUPINGS
