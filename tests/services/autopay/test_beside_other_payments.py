"""A bill that is, or could be, paid in another way meanwhile."""

from __future__ import annotations

import pytest

from services.autopay.model import RunState
from services.payments.model import BillShare
from tests.services.autopay.conftest import CONTACT, CONTRACT, Office


async def test_a_bill_paid_meanwhile_is_not_charged(office: Office) -> None:
    office.owe(days=3)
    await office.activate()
    await office.work()
    office.settle()
    await office.pass_days(4)
    assert ((await office.run()).state, office.charged()) == (RunState.OTHERWISE, [])


async def test_a_payment_that_is_not_booked_yet_counts_too(office: Office) -> None:
    office.owe(days=3)
    await office.activate()
    await office.work()
    made = await office.house.ask(bills=[BillShare("F1", 48_600, "RF1")], contact="somebody-else")
    office.house.conekta.pay(office.house.conekta.orders[list(office.house.conekta.orders)[0]].id)
    await office.house.payments.sweep()
    await office.pass_days(4)
    assert made
    assert ((await office.run()).state, office.charged()) == (RunState.OTHERWISE, [])


@pytest.mark.parametrize("who", [CONTACT, "somebody-else"])
async def test_a_live_reference_is_taken_back_before_the_charge(office: Office, who: str) -> None:
    office.owe(days=3)
    await office.activate()
    await office.work()
    await office.pass_days(2)
    await office.house.ask(bills=[BillShare("F1", 48_600, "RF1")], contact=who)
    await office.pass_days(2)
    assert len(office.charged()) == 1
    assert [o.status.value for o in office.house.conekta.orders.values()] == ["cancelled", "paid"]
    assert await office.house.payments.pending(CONTRACT) == []


async def test_while_a_reference_cannot_be_taken_back_nothing_is_charged(office: Office) -> None:
    office.owe(days=3)
    await office.activate()
    await office.work()
    await office.pass_days(2)
    await office.house.ask(bills=[BillShare("F1", 48_600, "RF1")])
    office.house.conekta.down = True
    await office.pass_days(1)
    assert office.charged() == []
    office.house.conekta.down = False
    await office.pass_days(0.5)
    assert len(office.charged()) == 1
