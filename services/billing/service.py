"""Balance, bills and consumption of a contract."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.aquasis.model import Bill, BillState, ServiceState
from services.aquasis.port import Aquasis
from services.billing.consumption import Usage, understand
from services.billing.periods import Period, resolve
from services.clock import Clock
from services.errors import NotFound, ServiceError

MOST_BILLS = 6
A_MOMENT = 0.3  # seconds


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

    @property
    def is_cut(self) -> bool:
        """Whether the water is cut off."""
        return self.service in (ServiceState.CUT_FOR_DEBT, ServiceState.CUT_OTHER)


class Billing:
    """Questions about money and water."""

    def __init__(self, aquasis: Aquasis, clock: Clock) -> None:
        self._aquasis, self._clock = aquasis, clock

    async def balance(self, contract: str) -> Balance:
        """Debt and service state, asked side by side.

        The service state takes two calls in a row. It is waited for where a cut-off for debt is possible; with
        nothing overdue the amount is not held back for it.
        """
        asking = asyncio.create_task(self._service(contract))
        debt = await self._aquasis.debt(contract)
        overdue = any(b.state is BillState.OVERDUE for b in debt.bills)
        done, _ = await asyncio.wait({asking}, timeout=None if overdue else A_MOMENT)
        service = asking.result() if done else ServiceState.UNKNOWN
        return Balance(contract, debt.total, debt.bills, service, debt.blocked)

    async def _service(self, contract: str) -> ServiceState:
        try:
            return (await self._aquasis.service_point(contract)).state
        except ServiceError:
            return ServiceState.UNKNOWN

    async def find_bills(self, contract: str, symbol: str | None) -> tuple[Bill, ...]:
        """The bills of a period, newest first, at most six.

        Raises:
            BillNotFound: none for that month.
        """
        bills = await self._aquasis.bills(contract)
        period: Period = resolve(symbol, self._clock.today())
        if period.month is not None:
            bills = tuple(b for b in bills if b.month == period.month)
        found = bills[: min(period.count, MOST_BILLS)]
        if not found:
            raise BillNotFound
        return await self._with_due(contract, found)

    async def _with_due(self, contract: str, bills: tuple[Bill, ...]) -> tuple[Bill, ...]:
        """The list of bills has no due date; the debt service has it for those still open."""
        open_bills = {b.number: b for b in (await self._aquasis.debt(contract)).bills}
        return tuple(open_bills.get(b.number, b) for b in bills)

    async def pdf(self, contract: str, bill: Bill) -> bytes:
        """The bill's PDF."""
        return await self._aquasis.bill_pdf(contract, bill.number)

    async def usage(self, contract: str) -> Usage:
        """Consumption and what it means.

        Raises:
            NotFound: no consumption is known.
        """
        return understand(await self._aquasis.consumption(contract))
