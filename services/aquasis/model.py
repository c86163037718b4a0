"""The billing system's answers in our own types. Money is `Decimal` pesos, water is whole cubic metres."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class ServiceState(StrEnum):
    """Whether water flows, from the service point's `snCortado…` flags and `estadoPuntoServicio`."""

    ACTIVE = "active"
    CUT_FOR_DEBT = "cut_for_debt"
    CUT_OTHER = "cut_other"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Contract:
    """`consultaDetalleContrato`: the entry point of every flow. `number` keeps its leading zeros as asked."""

    number: str
    zone: int  # `explotacion`
    use: str
    meter: str | None
    holder: str
    tax_id: str | None
    phones: tuple[str, ...]  # 10 digits each
    email: str | None
    municipality: str
    locality: str
    street: str
    house_number: str
    paperless: bool

    @property
    def address(self) -> str:
        """Street, number and locality; level 2 and above only."""
        return ", ".join(part for part in (f"{self.street} {self.house_number}".strip(), self.locality) if part)


class BillState(StrEnum):
    """`codigoEstado`/`estado` by client convention: 4 overdue, 2 pending, else paid (aquasis.md 2.2)."""

    PENDING = "pending"
    OVERDUE = "overdue"
    PAID = "paid"


@dataclass(frozen=True)
class Bill:
    """One bill. `month` is the first day of the month it is for."""

    number: str
    month: date
    amount: Decimal
    state: BillState
    issued: date | None = None
    due: date | None = None
    payment_reference: str | None = None
    paid_on: date | None = None


@dataclass(frozen=True)
class Debt:
    """What is owed. `total` is negative when there is money in favour."""

    total: Decimal
    bills: tuple[Bill, ...] = ()
    blocked: bool = False  # `bloquearCobro`: nothing may be charged now
    notices: tuple[str, ...] = ()
    zone: int | None = None  # which `explotacion` the answer is about; a wrong one answers empty


@dataclass(frozen=True)
class Consumption:
    """One month's water. `estimated` when nobody read the meter."""

    month: date
    cubic_metres: int
    estimated: bool = False
    read_on: date | None = None


@dataclass(frozen=True)
class Reading:
    """What a meter showed on a day."""

    month: date
    register_m3: int
    read_on: date | None
    estimated: bool = False


@dataclass(frozen=True)
class ServicePoint:
    """Where the meter hangs; `id` is what a work order needs."""

    id: int
    zone: int
    zone_name: str
    state: ServiceState


@dataclass(frozen=True)
class WorkOrder:
    """What `crearOrdenTrabajo` is asked for. Codes: aquasis.md 2.4."""

    contract: str
    service_point: int
    order_type: int
    order_reason: int
    notes: str
    created: datetime
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class OrderStatus:
    """Where a work order stands. `steps` are (moment, plain state word) in order."""

    folio: str
    state: str  # received | scheduled | on_the_way | done | cancelled
    steps: tuple[tuple[datetime, str], ...] = ()
    technician: str | None = None
    planned_for: datetime | None = None


@dataclass(frozen=True)
class Account:
    """A contract with its debt and service state, fetched side by side."""

    contract: Contract
    debt: Debt
    service: ServiceState = ServiceState.UNKNOWN
    as_of: datetime | None = None
    extras: dict[str, str] = field(default_factory=dict)
