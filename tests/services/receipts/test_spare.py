"""Somebody else has paid the bill: the reference that is left is taken back, and its holder hears so once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from services.aquasis.errors import AquasisRefused
from services.aquasis.model import Bill, BillState, Debt
from services.bootstrap import DATA
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.messaging.bell import Bell
from services.messaging.outbound import Text
from services.messaging.outbox import Outbox
from services.notifications.spare import SpareReferences
from services.payments.model import BillShare, Method, State
from tests.services.payments.conftest import House
from tests.services.receipts.conftest import CONTRACT, Office, build_office


@dataclass
class Home:
    """Two people of one house, each with a reference of their own."""

    office: Office
    spare: SpareReferences

    @property
    def house(self) -> House:
        return self.office.house

    def owe(self, *bills: tuple[str, str]) -> None:
        """(number, pesos)."""
        day = self.house.clock.today().replace(day=1)
        owed = tuple(Bill(number, day, Decimal(amount), BillState.PENDING) for number, amount in bills)
        self.office.aquasis.debts[CONTRACT] = Debt(total=sum((b.amount for b in owed), Decimal()), bills=owed)

    async def both_ask(self, amount: int = 48_600, second: int = 48_600) -> None:
        for contact, key, part in (("c1", "k1", amount), ("c2", "k2", second)):
            await self.office.citizen(contact)
            share = BillShare("F1", part, "R1")
            await self.house.ask(key, Method.CASH, part, contact=contact, bills=[share])

    async def first_pays(self) -> None:
        self.house.clock.advance(minutes=1)
        self.house.conekta.pay(next(iter(self.house.conekta.orders)))
        await self.house.payments.sweep()
        self.house.clock.advance(minutes=3)

    async def states(self) -> list[State]:
        """Of the first one's and the second one's."""
        found = await self.house.payments.history(CONTRACT)
        return [order.state for order in sorted(found, key=lambda order: order.contact_id)]

    async def told(self) -> list[str]:
        return [m.body for m in await self.office.said() if isinstance(m, Text)]


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    made = await build_office(f"sqlite+aiosqlite:///{tmp_path / 'h.db'}")
    house, texts = made.house, Texts(DATA / "texts.yml")
    outbox, formats = Outbox(house.db, Bell(None), wall=house.clock), Formats(house.clock, texts)
    spare = SpareReferences(house.db, house.clock, outbox, house.payments, made.aquasis, formats, texts)
    family = Home(made, spare)
    family.owe(("F1", "486.00"))
    yield family
    await house.db.close()


@pytest.mark.parametrize("booked", [True, False])
async def test_it_is_taken_back_and_told_once_booked_or_not(home: Home, booked: bool) -> None:
    await home.both_ask()
    assert await home.spare.withdraw_due() == 0
    home.house.ledger.error = None if booked else AquasisRefused("no")
    await home.first_pays()
    if booked:
        home.owe()
    assert (await home.spare.withdraw_due(), await home.spare.withdraw_due()) == (1, 0)
    assert await home.states() == [State.PAID, State.CANCELLED]
    (told,) = await home.told()
    assert "Otra persona ya hizo el pago" in told
    assert "*$486.00*" in told


async def test_who_pays_the_other_half_keeps_the_reference(home: Home) -> None:
    await home.both_ask(24_300, 24_300)
    await home.first_pays()
    assert await home.spare.withdraw_due() == 0
    home.owe(("F1", "243.00"))
    assert await home.spare.withdraw_due() == 0
    assert await home.states() == [State.PAID, State.PENDING]


async def test_what_was_asked_for_afterwards_or_covers_another_bill_stays(home: Home) -> None:
    await home.both_ask()
    await home.first_pays()
    home.owe(("F2", "100.00"))
    await home.office.citizen("c3")
    await home.house.ask("k3", Method.SPEI, 10_000, contact="c3", bills=[BillShare("F2", 10_000, "R2")])
    assert await home.spare.withdraw_due() == 1
    assert await home.states() == [State.PAID, State.CANCELLED, State.PENDING]


async def test_money_that_came_first_and_a_gateway_that_is_down_leave_it(home: Home) -> None:
    await home.both_ask()
    await home.first_pays()
    home.house.conekta.down = True
    assert await home.spare.withdraw_due() == 0
    home.house.conekta.down = False
    home.house.conekta.pay(list(home.house.conekta.orders)[-1])
    assert await home.spare.withdraw_due() == 0
    assert await home.told() == []
    assert State.CANCELLED not in await home.states()
