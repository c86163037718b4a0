"""The accounts' books: bills, debt, readings and orders, derived from the data, the clock and what was written."""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from sandbox.data import Account
from sandbox.world import World

ZONE = ZoneInfo("America/Mexico_City")
MONTHS_KEPT = 24
SEASON = (0.95, 0.95, 1.0, 1.1, 1.2, 1.15, 1.05, 1.05, 1.0, 0.95, 0.95, 0.95)  # January first
PRICE_STEPS = ((10, "15.20"), (20, "21.50"), (40, "29.80"), (10_000, "41.00"))  # invented, pesos a m³
MINIMUM = Decimal("98.00")


@dataclass(frozen=True)
class Bill:
    """One bill of the stand-in; `lines` are (concept, pesos)."""

    number: str
    reference: str
    month: date
    water: int
    estimated: bool
    lines: tuple[tuple[str, Decimal], ...]
    issued: date
    due: date

    @property
    def amount(self) -> Decimal:
        """The sum of its lines."""
        return sum((pesos for _, pesos in self.lines), Decimal())


@dataclass
class Order:
    """A work order that somebody asked for."""

    code: str
    contract: int
    created: datetime
    kind: int
    notes: str


@dataclass
class Ledger:
    """What Aquasis knows. Reset puts it back to the data."""

    world: World
    paid: dict[str, datetime] = field(default_factory=dict)  # bill number → when
    changes: dict[int, dict[str, str]] = field(default_factory=dict)
    handed_in: dict[int, int] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world.on_reset(self.clear)

    def clear(self) -> None:
        """Forget everything that was written."""
        for book in (self.paid, self.changes, self.handed_in, self.orders):
            book.clear()

    def today(self) -> date:
        """The calendar day in Querétaro."""
        return self.world.clock.now().astimezone(ZONE).date()

    def account(self, contract: int | str | None) -> Account | None:
        """By number; Aquasis knows no leading zeros."""
        if contract is None or not str(contract).strip().isdigit():
            return None
        return next((a for a in self.world.data.content.accounts if int(a.contract) == int(contract)), None)

    def by_meter(self, serial: str) -> Account | None:
        """The account a meter belongs to."""
        return next((a for a in self.world.data.content.accounts if meter(a) == serial), None)

    def bills(self, account: Account) -> list[Bill]:
        """Newest first."""
        months = water(account, self.today())
        return [self._bill(account, i, *entry) for i, entry in enumerate(reversed(months))]

    def _bill(self, account: Account, age: int, month: date, cubic: int, estimated: bool) -> Bill:
        due = self.today() + timedelta(days=account.due) - timedelta(days=30 * age)
        reference = f"{int(account.contract):010d}{month:%y%m}"
        number = f"{month:%Y%m}{int(account.contract):010d}"
        return Bill(number, reference, month, cubic, estimated, lines(account, cubic), due - timedelta(days=18), due)

    def unpaid(self, account: Account) -> list[Bill]:
        """Oldest first."""
        open_ones = [b for b in self.bills(account)[: account.unpaid] if b.number not in self.paid]
        return open_ones[::-1]

    def debt(self, account: Account) -> Decimal:
        """Pesos owed; negative when there is money in favour."""
        owed = sum((b.amount for b in self.unpaid(account)), Decimal())
        return owed - Decimal(str(account.credit))

    def pay(self, reference: str, amount: Decimal) -> int:
        """Book a payment. 0 done, 1 no such reference, 2 already paid, 3 another amount than a bill or the whole debt.

        A reference is one bill's, or the ten-digit contract followed by 0000 for the whole debt.
        """
        account = self.account(reference[:10]) if len(reference) >= 10 else None
        if account is None:
            return 1
        open_bills = self.unpaid(account)
        if not open_bills:
            return 2
        asked = [b for b in open_bills if b.reference == reference] or open_bills
        if amount != sum((b.amount for b in asked), Decimal()):
            asked = self._covered(open_bills, amount)
        if not asked:
            return 3
        for bill in asked:
            self.paid[bill.number] = self.world.clock.now()
        return 0

    @staticmethod
    def _covered(open_bills: list[Bill], amount: Decimal) -> list[Bill]:
        """The oldest bills that this amount covers exactly."""
        covered: list[Bill] = []
        for bill in open_bills:
            if bill.amount <= amount:
                covered.append(bill)
                amount -= bill.amount
        return covered

    def is_cut(self, account: Account) -> str | None:
        """Cut-off ends a day after the debt is paid."""
        if account.cut == "debt" and not self.unpaid(account):
            return None
        return account.cut

    def new_order(self, contract: int, kind: int, notes: str) -> str:
        """`O` and seven digits."""
        code = f"O{4_500_001 + len(self.orders):07d}"
        self.orders[code] = Order(code, contract, self.world.clock.now(), kind, notes)
        return code


def meter(account: Account) -> str:
    """The meter's serial number."""
    return f"{zlib.crc32(account.contract.encode()) % 90_000_000 + 10_000_000}"


def water(account: Account, today: date) -> list[tuple[date, int, bool]]:
    """(month, m³, estimated), oldest first, last month last."""
    if account.water:
        values = [(int(w.rstrip("e")), w.endswith("e")) for w in account.water]
    else:
        values = _made_up(account, today)
    first = _months_back(today, len(values))
    return [(_add_months(first, i), cubic, estimated) for i, (cubic, estimated) in enumerate(values)]


def _made_up(account: Account, today: date) -> list[tuple[int, bool]]:
    """About `around` m³ a month with the year's seasons; the same for a contract every time."""
    dice = random.Random(account.contract)  # not for secrets
    first = _months_back(today, MONTHS_KEPT)
    made = []
    for i in range(MONTHS_KEPT):
        season = SEASON[_add_months(first, i).month - 1]
        made.append((max(0, round(account.around * season * dice.uniform(0.9, 1.1))), False))
    return made


def register(account: Account, today: date) -> list[tuple[date, int, bool]]:
    """What the meter showed at each month's end."""
    total = zlib.crc32(account.street.encode()) % 900 + 200
    shown = []
    for month, cubic, estimated in water(account, today):
        total += cubic
        shown.append((month, total, estimated))
    return shown


def lines(account: Account, cubic: int) -> tuple[tuple[str, Decimal], ...]:
    """A bill's concepts; domestic water bears no VAT, the rest does."""
    cost, below = Decimal(), 0
    for upto, price in PRICE_STEPS:
        step = max(0, min(cubic, upto) - below)
        cost += step * Decimal(price)
        below = upto
    if not account.use.startswith("DOMESTICO"):
        cost *= Decimal("1.6")
    cost = max(cost, MINIMUM)
    rows = [("Agua potable", cost), ("Drenaje", cost * Decimal("0.10")), ("Saneamiento", cost * Decimal("0.12"))]
    taxed = sum((pesos for _, pesos in rows[1:]), Decimal())
    if not account.use.startswith("DOMESTICO"):
        taxed += cost
    rows.append(("IVA", taxed * Decimal("0.16")))
    return tuple((name, pesos.quantize(Decimal("0.01"), ROUND_HALF_UP)) for name, pesos in rows)


def _months_back(today: date, count: int) -> date:
    return _add_months(today.replace(day=1), -count)


def _add_months(first: date, count: int) -> date:
    index = first.year * 12 + first.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)
