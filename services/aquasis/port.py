"""What the rest of María may ask the billing system; the SOAP client and the fake both answer to it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Protocol

from services.aquasis.model import (
    Bill,
    Consumption,
    Contract,
    Debt,
    OrderStatus,
    Reading,
    ServicePoint,
    WorkOrder,
)


class Aquasis(Protocol):
    """The billing system.

    Every method may raise `ContractNotFound`, `AquasisDown` (no answer), `AquasisRefused` (it said no), and
    writes `AquasisUnknown` (it left, no answer came).
    """

    async def contract(self, number: str) -> Contract:
        """Details of a contract; cached 15 minutes."""

    async def debt(self, number: str) -> Debt:
        """What is owed, bill by bill; cached about a minute."""

    async def bills(self, number: str) -> tuple[Bill, ...]:
        """All bills, newest first."""

    async def bill_pdf(self, number: str, bill: str) -> bytes:
        """The bill as PDF bytes; a body that is no PDF is `Refused`."""

    async def consumption(self, number: str) -> tuple[Consumption, ...]:
        """Month by month, oldest first."""

    async def readings(self, number: str) -> tuple[Reading, ...]:
        """What the meter showed, oldest first."""

    async def service_point(self, number: str) -> ServicePoint:
        """The meter's service point and whether water flows."""

    async def create_work_order(self, order: WorkOrder) -> str:
        """The order's code, `O` and 7 digits. Never repeated blindly."""

    async def order_status(self, folio: str, zone: int) -> OrderStatus:
        """Where an order stands."""

    async def change_email(self, number: str, new: str) -> None:
        """Write the notification e-mail."""

    async def change_phone(self, number: str, new: str) -> None:
        """Write the notification phone, 10 digits."""

    async def set_paperless(self, number: str, on: bool) -> None:
        """Switch the paperless bill."""

    async def submit_reading(self, number: str, register_m3: int, on: datetime) -> None:
        """Hand in the citizen's own meter reading."""

    async def post_payment(self, reference: str, amount: Decimal, paid_at: datetime, ticket: str) -> None:
        """Tell the ledger that a reference was paid (`cobrarReferencia`). Moves money: never repeated blindly."""

    async def forget(self, number: str) -> None:
        """Drop what is cached of a contract, after a payment or a change."""

    async def prefetch(self, number: str) -> None:
        """Warm the caches for a contract that has just become known; never raises."""
