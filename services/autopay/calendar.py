"""When a bill is told of and when it is charged. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.clock import Clock

DAYS_BEFORE = 3
LEAST_WARNING = timedelta(hours=24)  # a notice that comes later than this is no notice
BETWEEN_TRIES = timedelta(days=1)
MOST_TRIES = 3
PATIENCE = timedelta(days=3)  # how long a charge may be late because a system is down


@dataclass(frozen=True)
class Hours:
    """Local hours in which a citizen may be written to, e.g. 9 to 20; charges begin at the first."""

    first: int
    last: int

    @classmethod
    def read(cls, text: str) -> Hours:
        """From `9-20`.

        Raises:
            ValueError: it is not that.
        """
        first, last = (int(part) for part in text.split("-"))
        if not 0 <= first < last <= 24:
            raise ValueError(text)
        return cls(first, last)

    def hold(self, clock: Clock) -> bool:
        """Whether it is such an hour."""
        return self.first <= clock.local().hour < self.last


def charge_at(due: date, hours: Hours, clock: Clock) -> datetime:
    """On the due date, in the morning."""
    return datetime.combine(due, time(hours.first), clock.zone)


def is_time_to_tell(due: date, hours: Hours, clock: Clock) -> bool:
    """Three days before, or as soon after as possible, and never without a day to say no."""
    soon = (due - clock.today()).days <= DAYS_BEFORE
    return soon and charge_at(due, hours, clock) - clock.now() >= LEAST_WARNING


def is_missed(due: date, active_since: datetime, hours: Hours, clock: Clock) -> bool:
    """Whether it should have been told of in time and was not: María was down. Old debts are none of auto-pay's."""
    moment = charge_at(due, hours, clock)
    too_late = moment - clock.now() < LEAST_WARNING
    return too_late and active_since <= moment - timedelta(days=DAYS_BEFORE) and clock.now() < moment + PATIENCE


def is_too_late(due: date, tries: int, clock: Clock) -> bool:
    """Whether systems were down for so long that the charge would surprise; each refusal moved it by a day."""
    return clock.today() >= due + tries * BETWEEN_TRIES + PATIENCE
