"""The payment service with a fake gateway, a fake ledger and a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from services.clock import FixedClock
from services.errors import Unavailable, UnknownOutcome
from services.payments.bootstrap import assemble
from services.payments.conekta.fake import FakeConekta
from services.payments.model import BillShare, Method, PaymentChange, Reference
from services.payments.service import Payments
from services.settings import Settings
from services.storage import Database
from services.storage.metadata import metadata

NOON = datetime(2026, 12, 7, 18, 0, tzinfo=UTC)
BILLS = (BillShare("F1", 28_600, "R1"), BillShare("F2", 20_000, "R2"))
AMOUNT = 48_600


@dataclass
class FakeLedger:
    """Remembers what was posted and what came in at all; `error` is raised instead of an answer."""

    posted: list[tuple[str, Decimal]] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)
    error: BaseException | None = None

    async def post_payment(self, reference: str, amount: Decimal, paid_at: datetime, ticket: str) -> None:
        if not isinstance(self.error, Unavailable) or isinstance(self.error, UnknownOutcome):
            self.tickets.append(ticket)
        if self.error:
            raise self.error
        self.posted.append((reference, amount))


@dataclass
class House:
    """Everything a test looks at."""

    db: Database
    clock: FixedClock
    conekta: FakeConekta
    ledger: FakeLedger
    payments: Payments
    changes: list[PaymentChange] = field(default_factory=list)

    async def ask(self, key: str = "k1", method: Method = Method.CASH, amount: int = AMOUNT, **more) -> Reference:
        bills = more.pop("bills", BILLS)
        return await self.payments.create_reference(more.pop("contact", "c1"), "0048213", method, amount, bills, key)

    async def tell(self, kind: str, order_id: str, event_id: str | None = None) -> list[PaymentChange]:
        return await self.payments.handle_webhook(*self.conekta.event(kind, order_id, event_id))


async def build_house(path: Path) -> House:
    return await build_house_at(f"sqlite+aiosqlite:///{path}")


async def build_house_at(url: str) -> House:
    db, clock = Database(url), FixedClock(NOON)
    async with db.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    conekta, ledger = FakeConekta(clock), FakeLedger()
    settings = Settings(_env_file=None, payments_post_to_aquasis=True)
    payments = assemble(settings, db, clock, ledger, conekta, sleep=_no_sleep)
    house = House(db, clock, conekta, ledger, payments)

    async def note(session, change: PaymentChange) -> None:
        house.changes.append(change)

    payments.on_change(note)
    return house


async def _no_sleep(seconds: float) -> None:
    return None


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = await build_house(tmp_path / "p.db")
    yield made
    await made.db.close()
