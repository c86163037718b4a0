"""What each meter shows: the months written in the data, or made up, and those that pass while the sandbox runs."""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass
from datetime import date, timedelta

from sandbox.data import Account

MONTHS_KEPT = 24
YEAR = 12
READ_AFTER = timedelta(days=2)  # a month is read and billed on the third of the next
SEASON = (0.95, 0.95, 1.0, 1.1, 1.2, 1.15, 1.05, 1.05, 1.0, 0.95, 0.95, 0.95)  # January first


@dataclass(frozen=True)
class Usage:
    """One month: `water` in m³, `register` what the meter showed at its end."""

    month: date
    water: int
    estimated: bool
    register: int


def meter(account: Account) -> str:
    """The meter's serial number, eight digits."""
    return f"{zlib.crc32(account.contract.encode()) % 90_000_000 + 10_000_000}"


def history(account: Account, opened: date, today: date) -> list[Usage]:
    """Oldest first. The data's last value is the month before `opened`; later months repeat the year before."""
    values = _written(account) or _made_up(account, opened)
    first = add_months(opened.replace(day=1), -len(values))
    while add_months(first, len(values) + 1) + READ_AFTER <= today:
        values.append((values[-YEAR if len(values) >= YEAR else -1][0], False))
    register = zlib.crc32(account.street.encode()) % 900 + 200
    months = []
    for i, (water, estimated) in enumerate(values):
        register += water
        months.append(Usage(add_months(first, i), water, estimated, register))
    return months


def add_months(first: date, count: int) -> date:
    """The first day of the month `count` months on."""
    index = first.year * YEAR + first.month - 1 + count
    return date(index // YEAR, index % YEAR + 1, 1)


def _written(account: Account) -> list[tuple[int, bool]]:
    return [(int(w.rstrip("e")), w.endswith("e")) for w in account.water]


def _made_up(account: Account, opened: date) -> list[tuple[int, bool]]:
    """About `around` m³ a month with the year's seasons; the same for a contract every time."""
    dice = random.Random(account.contract)  # not for secrets
    first = add_months(opened.replace(day=1), -MONTHS_KEPT)
    seasons = (SEASON[add_months(first, i).month - 1] for i in range(MONTHS_KEPT))
    return [(max(0, round(account.around * season * dice.uniform(0.9, 1.1))), False) for season in seasons]
