"""Auto-pay over payments with a fake gateway, a fake vault and a billing system in memory whose debts are booked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from services.aquasis.fake import FakeAquasis, contract
from services.aquasis.model import Bill, BillState, Debt
from services.autopay.bootstrap import build_autopay
from services.autopay.model import Consent
from services.autopay.service import Autopay
from services.autopay.tables import AutopayRunRow
from services.autopay.words import Words
from services.bootstrap import DATA
from services.contacts.tables import ContactRow
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.messaging.bell import Bell
from services.messaging.outbound import OUTBOUND, Outbound
from services.messaging.outbox import Outbox
from services.messaging.tables import ConversationRow, OutboxRow
from services.payments.conekta.fake_vault import FakeVault
from services.payments.gateway import GatewayOrder, OrderStatus
from services.settings import Settings
from tests.services.payments.conftest import House, build_house_at

CONTRACT, CONTACT = "0048213", "c1"
CONSENT = Consent("2026-11", "Autorizo a CEA…")
TOKEN = "tok_visa_4242"


@dataclass
class Office:
    """Everything a test looks at."""

    house: House
    aquasis: FakeAquasis
    vault: FakeVault
    autopay: Autopay

    def owe(self, amount: str = "486.00", days: int = 5, number: str = "F1") -> date:
        """One bill, due in so many days; its due date."""
        due = self.house.clock.today() + timedelta(days=days)
        month = due.replace(day=1)
        bill = Bill(number, month, Decimal(amount), BillState.PENDING, due=due, payment_reference=f"R{number}")
        self.aquasis.debts[CONTRACT] = Debt(total=Decimal(amount), bills=(bill,))
        return due

    def settle(self) -> None:
        """The bill is paid in the billing system."""
        self.aquasis.debts[CONTRACT] = Debt(total=Decimal(0))

    async def activate(self, cap: int | None = None, contact: str = CONTACT) -> None:
        await self.autopay.start(contact, CONTRACT, cap, CONSENT)
        await self.autopay.add_card(contact, TOKEN)

    async def told(self) -> None:
        """A bill of 486 pesos has been told of and is charged in three days."""
        self.owe(days=3)
        await self.activate()
        await self.work()

    async def pass_days(self, days: float) -> None:
        """As the worker lives through it, an hour at a time where something could be due."""
        for _ in range(int(days * 24)):
            self.house.clock.advance(hours=1)
            await self.work()

    async def work(self) -> None:
        """One round of the worker's jobs."""
        await self.autopay.look()
        await self.autopay.charge_due()
        await self.house.payments.sweep()

    async def run(self) -> AutopayRunRow:
        async with self.house.db.read() as session:
            return (await session.scalars(select(AutopayRunRow))).one()

    async def runs(self) -> list[AutopayRunRow]:
        async with self.house.db.read() as session:
            return list(await session.scalars(select(AutopayRunRow)))

    def charged(self) -> list[GatewayOrder]:
        """Charges of saved cards that went through."""
        paid = [o for o in self.house.conekta.orders.values() if o.status is OrderStatus.PAID]
        return [o for o in paid if not o.charges and not o.checkout_url]

    async def said(self) -> list[Outbound]:
        async with self.house.db.read() as session:
            return [OUTBOUND.validate_python(m) for m in await session.scalars(select(OutboxRow.message))]

    async def wrote(self, contact: str = CONTACT) -> None:
        """The citizen has just written, so the 24 hours are open."""
        async with self.house.db.begin() as session:
            row = await session.get(ConversationRow, contact)
            if row is None:
                session.add(
                    ConversationRow(contact_id=contact, channel="whatsapp", last_inbound_at=self.house.clock.now())
                )
            else:
                row.last_inbound_at = self.house.clock.now()


async def build_office(path: Path) -> Office:
    house = await build_house_at(f"sqlite+aiosqlite:///{path}")
    async with house.db.begin() as session:
        for contact in (CONTACT, "c2"):
            session.add(ContactRow(id=contact, channel="whatsapp", register="usted", created_at=house.clock.now()))
    aquasis, vault = FakeAquasis(), FakeVault()
    aquasis.add(contract(CONTRACT))
    texts = Texts(DATA / "texts.yml")
    outbox = Outbox(house.db, Bell(None))  # type: ignore[arg-type]
    words = Words(outbox, house.clock, Formats(house.clock, texts), texts)
    settings = Settings(_env_file=None, autopay_hours="9-20")
    autopay = build_autopay(settings, house.db, house.clock, aquasis, house.payments, vault, words)
    return Office(house, aquasis, vault, autopay)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    made = await build_office(tmp_path / "a.db")
    yield made
    await made.house.db.close()
