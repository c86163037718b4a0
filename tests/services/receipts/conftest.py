"""Payments with receipts, notices and kept requests around them; an Aquasis and a mailer in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.aquasis.fake import FakeAquasis, contract
from services.bootstrap import DATA
from services.contacts.tables import ContactRow
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.links.card import CardLinks
from services.messaging.bell import Bell
from services.messaging.media import MediaStore
from services.messaging.outbound import OUTBOUND, Outbound
from services.messaging.outbox import Outbox
from services.messaging.tables import ConversationRow, OutboxRow
from services.notifications.errors import DeliveryFailed
from services.notifications.kept import KeptReferences
from services.notifications.payments import PaymentNotices
from services.payments.kept import KeptRequests
from services.receipts.due import ReceiptsDue
from services.receipts.service import Receipts
from tests.services.payments.conftest import House, build_house_at

CONTRACT = "0048213"


@dataclass
class FakeMailer:
    """Keeps what was mailed; fails so many times first."""

    sent: list[tuple[str, str, str, Any]] = field(default_factory=list)
    failures: int = 0

    async def send(self, address: str, subject: str, text: str, attachment: Any) -> str:
        if self.failures:
            self.failures -= 1
            raise DeliveryFailed("sendgrid")
        self.sent.append((address, subject, text, attachment))
        return "m1"


@dataclass
class Office:
    """Everything a test looks at."""

    house: House
    aquasis: FakeAquasis
    mailer: FakeMailer
    receipts: Receipts
    kept: KeptRequests
    finisher: KeptReferences
    media: MediaStore

    async def citizen(self, contact: str = "c1", register: str = "usted", hours_ago: float = 0.1) -> None:
        """A WhatsApp contact who wrote so many hours ago."""
        from datetime import timedelta

        now = self.house.clock.now()
        async with self.house.db.begin() as session:
            session.add(ContactRow(id=contact, channel="whatsapp", register=register, created_at=now))
            wrote = now - timedelta(hours=hours_ago)
            session.add(ConversationRow(contact_id=contact, channel="whatsapp", last_inbound_at=wrote))

    async def said(self) -> list[Outbound]:
        async with self.house.db.read() as session:
            rows = await session.scalars(select(OutboxRow.message).order_by(OutboxRow.id))
            return [OUTBOUND.validate_python(message) for message in rows]

    async def pay(self, order: str = "ord_1", amount: int | None = None) -> None:
        self.house.conekta.pay(order, amount)
        await self.house.tell("order.paid", order)


async def build_office(url: str) -> Office:
    house = await build_house_at(url)
    aquasis, mailer, texts = FakeAquasis(), FakeMailer(), Texts(DATA / "texts.yml")
    aquasis.add(contract(CONTRACT), total="486.00")
    outbox, formats = Outbox(house.db, Bell(None), wall=house.clock), Formats(house.clock, texts)
    receipts = Receipts(house.db, house.clock, outbox, aquasis, mailer, formats, texts)
    house.payments.on_change(ReceiptsDue(house.clock).on_change)
    house.payments.on_change(PaymentNotices(outbox, aquasis, house.clock, formats, texts).on_change)
    links = CardLinks("https://pagos.example.mx", ["a secret"], house.clock)
    finisher = KeptReferences(house.db, house.clock, outbox, house.payments, aquasis, links, formats, texts)
    kept, media = KeptRequests(house.db, house.clock), MediaStore(house.db, house.clock)
    return Office(house, aquasis, mailer, receipts, kept, finisher, media)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    made = await build_office(f"sqlite+aiosqlite:///{tmp_path / 'r.db'}")
    yield made
    await made.house.db.close()
