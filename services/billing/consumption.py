"""What the months of water mean: usual, this month, and whether a rise is worth a look. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from services.aquasis.model import Consumption
from services.errors import NotFound

YEAR = 12
UNUSUAL_SHARE, UNUSUAL_M3 = 1.5, 6  # half as much again, and not just two or three cubic metres


class NoConsumption(NotFound):
    """Nothing is known about this contract's water."""

    response = "utter_no_consumption"


@dataclass(frozen=True)
class Usage:
    """Cubic metres. `usual` is the median of the year before the last month."""

    months: tuple[Consumption, ...]
    usual: int

    @property
    def last(self) -> Consumption:
        """The newest month."""
        return self.months[-1]

    @property
    def before(self) -> Consumption | None:
        """The month before it."""
        return self.months[-2] if len(self.months) > 1 else None

    @property
    def average(self) -> int:
        """Of the last twelve months, rounded."""
        year = self.months[-YEAR:]
        return round(sum(c.cubic_metres for c in year) / len(year))

    @property
    def is_unusual(self) -> bool:
        """More than half above what is usual, and enough to notice."""
        rise = self.last.cubic_metres - self.usual
        return rise >= UNUSUAL_M3 and self.last.cubic_metres >= UNUSUAL_SHARE * self.usual

    def a_year_before(self, month: Consumption) -> Consumption | None:
        """The same month, a year earlier."""
        wanted = month.month.replace(year=month.month.year - 1)
        return next((c for c in self.months if c.month == wanted), None)


def understand(months: tuple[Consumption, ...]) -> Usage:
    """Make sense of a contract's months, oldest first.

    Raises:
        NoConsumption: there are none.
    """
    if not months:
        raise NoConsumption
    earlier = [c.cubic_metres for c in months[-YEAR - 1 : -1]] or [months[-1].cubic_metres]
    return Usage(months, round(median(earlier)))
