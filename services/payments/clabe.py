"""The check digit of a CLABE: weights 3, 7, 1 over the first 17 digits (payments.md E)."""

from __future__ import annotations

import re

WEIGHTS = (3, 7, 1)


def check_digit(first: str) -> str:
    """The 18th digit for the first 17."""
    total = sum(int(digit) * WEIGHTS[place % 3] % 10 for place, digit in enumerate(first))
    return str(-total % 10)


def is_clabe(text: str) -> bool:
    """18 digits whose last one is right. The bank's prefix is not judged: new banks appear."""
    return re.fullmatch(r"[0-9]{18}", text) is not None and check_digit(text[:17]) == text[17]
