"""Bills made from months of water. The prices are invented: no real tariff table is public (aquasis.md 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sandbox.aquasis.usage import READ_AFTER, Usage, add_months, history
from sandbox.data import Account

PRICE_STEPS = ((10, "15.20"), (20, "21.50"), (40, "29.80"), (10_000, "41.00"))  # pesos a m³ up to so many m³
MINIMUM = Decimal("98.00")
BUSINESS = Decimal("1.6")
DRAINAGE, TREATMENT, VAT = Decimal("0.10"), Decimal("0.12"), Decimal("0.16")
CENT = Decimal("0.01")
DAYS_TO_PAY = timedelta(days=18)
CYCLE = timedelta(days=30)
PAID_BEFORE_DUE = timedelta(days=4)


@dataclass(frozen=True)
class Bill:
    """One bill; `lines` are (concept, pesos). `paid_on` is set where the data says that it was paid before."""

    number: str
    reference: str
    usage: Usage
    lines: tuple[tuple[str, Decimal], ...]
    issued: date
    due: date
    paid_on: date | None

    @property
    def month(self) -> date:
        """The first day of the month it is for."""
        return self.usage.month

    @property
    def amount(self) -> Decimal:
        """The sum of its lines, in pesos."""
        return sum((pesos for _, pesos in self.lines), Decimal())


def bills_of(account: Account, opened: date, today: date) -> list[Bill]:
    """Newest first. `due` and `unpaid` count from the day the sandbox was opened; later bills are all unpaid."""
    months = history(account, opened, today)
    newer = sum(u.month >= opened.replace(day=1) for u in months)
    return [_bill(account, opened, usage, age - newer) for age, usage in enumerate(reversed(months))]


def _bill(account: Account, opened: date, usage: Usage, age: int) -> Bill:
    """`age` 0 is the data's latest bill; below that are those issued since."""
    if age < 0:
        issued = add_months(usage.month, 1) + READ_AFTER
        due = issued + DAYS_TO_PAY
    else:
        due = opened + timedelta(days=account.due) - CYCLE * age
        issued = min(due - DAYS_TO_PAY, opened)
    was_paid = age >= account.unpaid
    return Bill(
        number=f"{usage.month:%Y%m}{int(account.contract):010d}",
        reference=f"{int(account.contract):010d}{usage.month:%y%m}",
        usage=usage,
        lines=lines(account, usage.water),
        issued=issued,
        due=due,
        paid_on=min(due - PAID_BEFORE_DUE, opened - timedelta(days=1)) if was_paid else None,
    )


def lines(account: Account, cubic: int) -> tuple[tuple[str, Decimal], ...]:
    """A bill's concepts; domestic water bears no VAT, the rest does."""
    cost, below = Decimal(), 0
    for upto, price in PRICE_STEPS:
        cost += max(0, min(cubic, upto) - below) * Decimal(price)
        below = upto
    domestic = account.use.startswith("DOMESTICO")
    cost = max(cost if domestic else cost * BUSINESS, MINIMUM)
    drainage, treatment = cost * DRAINAGE, cost * TREATMENT
    taxed = drainage + treatment + (Decimal() if domestic else cost)
    rows = (("Agua potable", cost), ("Drenaje", drainage), ("Saneamiento", treatment), ("IVA", taxed * VAT))
    return tuple((name, pesos.quantize(CENT, ROUND_HALF_UP)) for name, pesos in rows)
