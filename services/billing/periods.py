"""Months said relatively ("el mes pasado", "el de enero"), as the understanding hands them over, made into months.

month:01 · month:2025-01 · relative:-1 · last · last:6 · year:2025
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Period:
    """One month, or the last `count` ones."""

    month: date | None = None
    count: int = 1


def resolve(symbol: str | None, today: date) -> Period:
    """A month without a year is its most recent past one; what is not understood is the last bill."""
    text = (symbol or "last").strip()
    if found := re.fullmatch(r"last:(\d+)", text):
        return Period(count=max(1, int(found[1])))
    if found := re.fullmatch(r"month:(?:(\d{4})-)?(\d{1,2})", text):
        return Period(month=_named(int(found[2]), int(found[1]) if found[1] else None, today))
    if found := re.fullmatch(r"relative:(-?\d+)", text):
        return Period(month=_shift(today.replace(day=1), int(found[1])))
    return Period()


def _named(month: int, year: int | None, today: date) -> date | None:
    if not 1 <= month <= 12:
        return None
    if year is None:
        year = today.year if month <= today.month else today.year - 1
    return date(year, month, 1)


def _shift(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
