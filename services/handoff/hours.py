"""When people answer in the chat: open now, or from when. Pure; the week comes from AGORA or from the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from services.handoff.care import DAYS, HoursRule

LOOK_AHEAD = 14  # days
Span = tuple[int, int]  # minutes after midnight


@dataclass(frozen=True)
class Week:
    """Opening and closing of each day, Monday first; None: closed. `closed` are days without people."""

    days: tuple[Span | None, ...]
    closed: frozenset[date] = frozenset()

    def is_open(self, local: datetime) -> bool:
        """Whether people answer at this moment of the citizen's clock."""
        span = self._of(local.date())
        minute = local.hour * 60 + local.minute
        return span is not None and span[0] <= minute < span[1]

    def opens(self, local: datetime) -> datetime | None:
        """When people answer next, after this moment; None: not within two weeks."""
        for ahead in range(LOOK_AHEAD + 1):
            day = local.date() + timedelta(days=ahead)
            span = self._of(day)
            if span is None:
                continue
            start = datetime.combine(day, time(), local.tzinfo) + timedelta(minutes=span[0])
            if start > local:
                return start
        return None

    def _of(self, day: date) -> Span | None:
        return None if day in self.closed else self.days[day.weekday()]


def from_rules(rule: HoursRule) -> Week:
    """The week that stands in `data/knowledge/waiting.yml`."""
    return Week(tuple(_span(rule.week.get(day)) for day in DAYS), frozenset(rule.closed_on))


def from_desk(body: Mapping[str, Any], closed: frozenset[date]) -> Week | None:
    """AGORA's `working_hours` (agora.md section 9; day 0 is Sunday); None where it keeps none.

    Raises:
        KeyError, TypeError, ValueError: another form.
    """
    if not body.get("working_hours_enabled"):
        return None
    days: list[Span | None] = [None] * 7
    for row in body["working_hours"]:
        days[(int(row["day_of_week"]) - 1) % 7] = _row(row)
    return Week(tuple(days), closed)


def _row(row: Mapping[str, Any]) -> Span | None:
    if row.get("closed_all_day"):
        return None
    if row.get("open_all_day"):
        return 0, 24 * 60
    start = int(row["open_hour"]) * 60 + int(row["open_minutes"])
    return start, int(row["close_hour"]) * 60 + int(row["close_minutes"])


def _span(text: str | None) -> Span | None:
    if not text:
        return None
    start, end = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
    return start, end
