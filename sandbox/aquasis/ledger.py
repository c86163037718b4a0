"""The accounts' books: what the data and the clock say, and what was written since the sandbox was opened."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from sandbox.aquasis.bills import Bill, bills_of
from sandbox.aquasis.usage import Usage, history, meter
from sandbox.data import Account
from sandbox.world import ZONE, World

WHOLE_DEBT = "0000"
RECONNECTED_AFTER = timedelta(hours=24)  # CEA says 24 to 48 h after the payment (aquasis.md 4)
BOOKED, NO_SUCH_REFERENCE, ALREADY_PAID, WRONG_AMOUNT = 0, 1, 2, 3


@dataclass
class Order:
    """A work order that somebody asked for."""

    code: str
    contract: int
    created: datetime
    kind: int
    notes: str


@dataclass
class Changes:
    """What was changed about a contract; None: nothing."""

    phone: str | None = None
    email: str | None = None
    paperless: bool | None = None
    reading: tuple[date, int] | None = None


@dataclass
class Ledger:
    """What Aquasis knows. Reset puts it back to the data; relative dates then count from that day.

    Operations run in threads, so what is read and then written is done under a lock.
    """

    world: World
    opened: date = field(init=False)
    received: dict[str, Decimal] = field(default_factory=dict)  # bill number → pesos
    settled: dict[str, datetime] = field(default_factory=dict)  # bill number → when its last peso came
    changes: dict[int, Changes] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        self.opened = self.today()
        self.world.on_reset(self.clear)

    def clear(self) -> None:
        """Forget everything that was written."""
        for book in (self.received, self.settled, self.changes, self.orders):
            book.clear()
        self.opened = self.today()

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

    def changed(self, account: Account) -> Changes:
        """What was changed, to read or to write."""
        return self.changes.setdefault(int(account.contract), Changes())

    def usage(self, account: Account) -> list[Usage]:
        """Month by month, oldest first."""
        return history(account, self.opened, self.today())

    def bills(self, account: Account) -> list[Bill]:
        """Newest first."""
        return bills_of(account, self.opened, self.today())

    def unpaid(self, account: Account) -> list[tuple[Bill, Decimal]]:
        """(bill, what is still owed of it), oldest first; money in favour covers the oldest."""
        credit, found = Decimal(str(account.credit)), []
        for bill in reversed(self.bills(account)):
            rest = Decimal() if bill.paid_on else bill.amount - self.received.get(bill.number, Decimal())
            covered = min(credit, rest)
            credit, rest = credit - covered, rest - covered
            if rest > 0:
                found.append((bill, rest))
        return found

    def debt(self, account: Account) -> Decimal:
        """Pesos owed; negative when there is money in favour."""
        owed = sum((rest for _, rest in self.unpaid(account)), Decimal())
        if owed:
            return owed
        billed = sum((b.amount for b in self.bills(account) if not b.paid_on), Decimal())
        received = sum((self.received.get(b.number, Decimal()) for b in self.bills(account)), Decimal())
        return billed - received - Decimal(str(account.credit))

    def pay(self, reference: str, amount: Decimal | None) -> int:
        """Book a payment; no amount means all that the reference stands for, less is laid on the oldest bills.

        A reference is one bill's, or the ten-digit contract followed by 0000 for the whole debt.

        Returns:
            BOOKED, NO_SUCH_REFERENCE, ALREADY_PAID or WRONG_AMOUNT (none, or more than is owed).
        """
        account = self.account(reference[:10]) if len(reference) == 10 + len(WHOLE_DEBT) else None
        if account is None:
            return NO_SUCH_REFERENCE
        whole = reference.endswith(WHOLE_DEBT)
        if not whole and all(bill.reference != reference for bill in self.bills(account)):
            return NO_SUCH_REFERENCE
        with self._lock:
            asked = [(b, rest) for b, rest in self.unpaid(account) if whole or b.reference == reference]
            owed = sum((rest for _, rest in asked), Decimal())
            if not asked:
                return ALREADY_PAID
            if amount is not None and not 0 < amount <= owed:
                return WRONG_AMOUNT
            self._lay(asked, owed if amount is None else amount)
        return BOOKED

    def _lay(self, asked: list[tuple[Bill, Decimal]], amount: Decimal) -> None:
        for bill, rest in asked:
            part = min(rest, amount)
            amount -= part
            self.received[bill.number] = self.received.get(bill.number, Decimal()) + part
            if part == rest:
                self.settled[bill.number] = self.world.clock.now()

    def is_cut(self, account: Account) -> str | None:
        """Why there is no water. A cut-off for debt ends a day after the last overdue bill is paid."""
        if account.cut != "debt" or any(bill.due < self.today() for bill, _ in self.unpaid(account)):
            return account.cut
        paid = [when for bill in self.bills(account) if (when := self.settled.get(bill.number))]
        return account.cut if paid and self.world.clock.now() < max(paid) + RECONNECTED_AFTER else None

    def new_order(self, contract: int, kind: int, notes: str) -> str:
        """`O` and seven digits."""
        with self._lock:
            code = f"O{4_500_001 + len(self.orders):07d}"
            self.orders[code] = Order(code, contract, self.world.clock.now(), kind, notes)
        return code


def whole_debt_reference(account: Account) -> str:
    """What pays everything a contract owes."""
    return f"{int(account.contract):010d}{WHOLE_DEBT}"
