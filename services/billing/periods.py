"""Months said relatively ("el mes pasado", "el de enero"), as the understanding hands them over, made into months.

month:01 · month:2025-01 · relative:-1 · last · last:6 · year:2025
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

LONGEST = 120  # months
FIRST_YEAR = 1900


@dataclass(frozen=True)
class Period:
    """One month, a whole year, or the last `count` months."""

    month: date | None = None
    count: int = 1
    year: int | None = None

    def holds(self, month: date) -> bool:
        """Whether a bill of this month is meant; "the last ones" are counted, not dated."""
        if self.year is not None:
            return month.year == self.year
        return self.month is None or month == self.month


def resolve(symbol: str | None, today: date) -> Period:
    """A month without a year is its most recent past one; what is not understood is the last bill."""
    text = (symbol or "last").strip()
    if found := re.fullmatch(r"last:(\d+)", text):
        return Period(count=max(1, int(found[1])))
    if found := re.fullmatch(r"year:(\d{4})", text):
        return Period(count=12, year=int(found[1]))
    if found := re.fullmatch(r"month:(?:(\d{4})-)?(\d{1,2})", text):
        return Period(month=_named(int(found[2]), int(found[1]) if found[1] else None, today))
    if found := re.fullmatch(r"relative:(-?\d+)", text):
        return Period(month=_shift(today.replace(day=1), max(-LONGEST, min(int(found[1]), LONGEST))))
    return Period()


def span(symbol: str | None, today: date) -> tuple[date, date] | None:
    """First and last day of what is said about when something was paid; None: any time.

    "El último" is no span: the caller takes the newest.
    """
    period = resolve(symbol, today)
    if period.year is not None and FIRST_YEAR <= period.year < MAXYEAR:
        return date(period.year, 1, 1), date(period.year, 12, 31)
    if period.month is not None:
        return period.month, _shift(period.month, 1) - timedelta(days=1)
    if symbol and period.count > 1:
        first = _shift(today.replace(day=1), 1 - min(period.count, LONGEST))
        return first, today
    return None


def _named(month: int, year: int | None, today: date) -> date | None:
    if not 1 <= month <= 12 or (year is not None and not FIRST_YEAR <= year < MAXYEAR):
        return None
    if year is None:
        year = today.year if month <= today.month else today.year - 1
    return date(year, month, 1)


def _shift(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
