"""An Aquasis in memory, for tests: the same port, no SOAP."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from services.aquasis.errors import AquasisDown, AquasisRefused, ContractNotFound
from services.aquasis.model import (
    Bill,
    Consumption,
    Contract,
    Debt,
    OrderStatus,
    Reading,
    ServicePoint,
    ServiceState,
    WorkOrder,
)


def contract(number: str = "455123", **changes: object) -> Contract:
    """A contract with everything in place."""
    plain = Contract(
        number=number,
        zone=1,
        use="DOMESTICO",
        meter=f"M{number}",
        holder="PRUEBA PRUEBA, PERSONA",
        tax_id="XAXX010101000",
        phones=("4425550163",),
        email="persona@example.mx",
        municipality="QUERETARO",
        locality="SATELITE",
        street="CALLE UNO",
        house_number="14",
        paperless=False,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@dataclass
class FakeAquasis:
    """Implements `services.aquasis.port.Aquasis`. `down` makes every call fail; `writes` records the changes."""

    contracts: dict[str, Contract] = field(default_factory=dict)
    debts: dict[str, Debt] = field(default_factory=dict)
    bill_lists: dict[str, tuple[Bill, ...]] = field(default_factory=dict)
    consumptions: dict[str, tuple[Consumption, ...]] = field(default_factory=dict)
    reading_lists: dict[str, tuple[Reading, ...]] = field(default_factory=dict)
    states: dict[str, ServiceState] = field(default_factory=dict)
    orders: dict[str, WorkOrder] = field(default_factory=dict)
    writes: list[tuple[str, ...]] = field(default_factory=list)
    down: bool = False
    pdf: bytes = b"%PDF-1.4 fake"

    def add(self, made: Contract, total: str = "0", **more: object) -> None:
        """Put a contract with its debt in."""
        self.contracts[made.number] = made
        self.debts[made.number] = Debt(total=Decimal(total), **more)  # type: ignore[arg-type]

    async def contract(self, number: str) -> Contract:
        """See the port."""
        if self.down:
            raise AquasisDown
        if number not in self.contracts:
            raise ContractNotFound
        return self.contracts[number]

    async def debt(self, number: str) -> Debt:
        """See the port."""
        await self.contract(number)
        return self.debts[number]

    async def bills(self, number: str) -> tuple[Bill, ...]:
        """See the port."""
        await self.contract(number)
        return self.bill_lists.get(number, ())

    async def bill_pdf(self, number: str, bill: str) -> bytes:
        """See the port."""
        await self.contract(number)
        if not self.pdf.startswith(b"%PDF-"):
            raise AquasisRefused("not a PDF", response="utter_bill_not_readable")
        return self.pdf

    async def consumption(self, number: str) -> tuple[Consumption, ...]:
        """See the port."""
        await self.contract(number)
        return self.consumptions.get(number, ())

    async def readings(self, number: str) -> tuple[Reading, ...]:
        """See the port."""
        await self.contract(number)
        return self.reading_lists.get(number, ())

    async def service_point(self, number: str) -> ServicePoint:
        """See the port."""
        found = await self.contract(number)
        return ServicePoint(600_001, found.zone, "QUERETARO", self.states.get(number, ServiceState.ACTIVE))

    async def create_work_order(self, order: WorkOrder) -> str:
        """See the port."""
        await self.contract(order.contract)
        folio = f"O{4_500_001 + len(self.orders):07d}"
        self.orders[folio] = order
        return folio

    async def order_status(self, folio: str, zone: int) -> OrderStatus:
        """See the port."""
        if folio not in self.orders:
            raise AquasisRefused("no such order")
        return OrderStatus(folio, "received", ((self.orders[folio].created, "received"),))

    async def change_email(self, number: str, new: str) -> None:
        """See the port."""
        self.contracts[number] = replace(await self.contract(number), email=new)
        self.writes.append(("email", number, new))

    async def change_phone(self, number: str, new: str) -> None:
        """See the port."""
        self.contracts[number] = replace(await self.contract(number), phones=(new,))
        self.writes.append(("phone", number, new))

    async def set_paperless(self, number: str, on: bool) -> None:
        """See the port."""
        self.contracts[number] = replace(await self.contract(number), paperless=on)
        self.writes.append(("paperless", number, str(on)))

    async def submit_reading(self, number: str, register_m3: int, on: datetime) -> None:
        """See the port."""
        await self.contract(number)
        self.writes.append(("reading", number, str(register_m3)))

    async def post_payment(self, reference: str, amount: Decimal, paid_at: datetime, ticket: str) -> None:
        """See the port."""
        if self.down:
            raise AquasisDown
        self.writes.append(("payment", reference, str(amount)))

    async def forget(self, number: str) -> None:
        """Nothing is cached here."""

    async def prefetch(self, number: str) -> None:
        """Nothing to warm."""
