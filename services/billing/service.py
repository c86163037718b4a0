"""Balance, bills and consumption of a contract."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from services.aquasis.model import Bill, BillState, ServiceState
from services.aquasis.port import Aquasis
from services.billing.consumption import Usage, understand
from services.billing.periods import Period, resolve
from services.clock import Clock
from services.errors import NotFound, ServiceError

MOST_BILLS = 6
CUT = frozenset({ServiceState.CUT_FOR_DEBT, ServiceState.CUT_OTHER})
PATIENCE, A_MOMENT = 3.0, 0.3  # seconds

_asking: set[asyncio.Task[ServiceState]] = set()  # kept alive when nobody waits for them any longer


class BillNotFound(NotFound):
    """No bill for that month."""

    response = "utter_bill_not_found"


@dataclass(frozen=True)
class Balance:
    """What is owed and whether water flows. Pesos."""

    contract: str
    total: Decimal
    bills: tuple[Bill, ...]
    service: ServiceState
    blocked: bool
    unfinished: bool = False  # whether water flows is still being asked: `Billing.service_state` will know

    @property
    def overdue(self) -> tuple[Bill, ...]:
        """Bills whose date has passed, oldest first."""
        return tuple(b for b in self.bills if b.state is BillState.OVERDUE)

    @property
    def overdue_total(self) -> Decimal:
        """Their sum."""
        return sum((b.amount for b in self.overdue), Decimal())

    @property
    def due(self) -> date | None:
        """Until when the newest bill can be paid."""
        days = [b.due for b in self.bills if b.due and b.state is BillState.PENDING]
        return max(days) if days else None

    def without(self, paid: Collection[tuple[str, int]]) -> Balance:
        """As it is once these (bill, centavos) are booked: a bill that is paid in full is not asked for again."""
        total, bills = still_owed(self.total, self.bills, paid)
        return replace(self, total=total, bills=bills)

    @property
    def is_cut(self) -> bool:
        """Whether the water is cut off."""
        return self.service in CUT


def still_owed(
    total: Decimal, bills: tuple[Bill, ...], paid: Collection[tuple[str, int]]
) -> tuple[Decimal, tuple[Bill, ...]]:
    """Sum and bills without those that were paid in full by these (bill, centavos)."""
    left = tuple(b for b in bills if (b.number, int(b.amount * 100)) not in paid)
    return total - sum((b.amount for b in bills if b not in left), Decimal()), left


class Billing:
    """Questions about money and water."""

    def __init__(self, aquasis: Aquasis, clock: Clock, patience: float = PATIENCE) -> None:
        self._aquasis, self._clock, self._patience = aquasis, clock, patience

    async def balance(self, contract: str) -> Balance:
        """Debt and service state, asked side by side.

        The service state takes two calls in a row. Where a cut-off for debt is possible it is waited for until
        `PATIENCE` (seconds) is over; the amount is not held back any longer for it.
        """
        began = time.monotonic()
        asking = asyncio.create_task(self.service_state(contract))
        _asking.add(asking)
        asking.add_done_callback(_asking.discard)
        debt = await self._aquasis.debt(contract)
        overdue = any(b.state is BillState.OVERDUE for b in debt.bills)
        left = self._patience - (time.monotonic() - began) if overdue else 0
        done, _ = await asyncio.wait({asking}, timeout=max(left, A_MOMENT))
        service = asking.result() if done else ServiceState.UNKNOWN
        return Balance(contract, debt.total, debt.bills, service, debt.blocked, unfinished=not done)

    async def service_state(self, contract: str) -> ServiceState:
        """Whether water flows; unknown where Aquasis does not say."""
        try:
            return (await self._aquasis.service_point(contract)).state
        except ServiceError:
            return ServiceState.UNKNOWN

    async def find_bills(self, contract: str, symbol: str | None) -> tuple[Bill, ...]:
        """The bills of a period, newest first, at most six.

        Raises:
            BillNotFound: none for that month.
        """
        bills, debt = await asyncio.gather(self._aquasis.bills(contract), self._aquasis.debt(contract))
        found = _of(resolve(symbol, self._clock.today()), bills)
        if not found:
            raise BillNotFound
        open_bills = {b.number: b for b in debt.bills}  # what is still to be paid, and until when, is theirs to say
        return tuple(open_bills.get(b.number, b) for b in found)

    async def prefetch_bills(self, contract: str, symbol: str | None) -> None:
        """Have them at hand while the citizen is still being recognised; nobody waits for this, so no error matters."""
        with suppress(ServiceError):
            bills = _of(resolve(symbol, self._clock.today()), await self._aquasis.bills(contract))
            await asyncio.gather(*(self.pdf(contract, bill) for bill in bills), return_exceptions=True)

    async def pdf(self, contract: str, bill: Bill) -> bytes:
        """The bill's PDF."""
        return await self._aquasis.bill_pdf(contract, bill.number)

    async def usage(self, contract: str) -> Usage:
        """Consumption and what it means.

        Raises:
            NotFound: no consumption is known.
        """
        return understand(await self._aquasis.consumption(contract))


def _of(period: Period, bills: tuple[Bill, ...]) -> tuple[Bill, ...]:
    """Those of a period, newest first, at most six."""
    return tuple(b for b in bills if period.holds(b.month))[: min(period.count, MOST_BILLS)]
