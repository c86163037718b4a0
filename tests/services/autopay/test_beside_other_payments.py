"""A bill that is, or could be, paid in another way meanwhile."""

from __future__ import annotations

import pytest

from services.autopay.model import RunState
from services.payments.gateway import GatewayOrder
from services.payments.model import BillShare
from tests.services.autopay.conftest import CONTACT, CONTRACT, Office


async def test_a_bill_paid_meanwhile_is_not_charged(office: Office) -> None:
    await office.told()
    office.settle()
    await office.pass_days(4)
    assert ((await office.run()).state, office.charged()) == (RunState.OTHERWISE, [])


async def test_a_payment_that_is_not_booked_yet_counts_too(office: Office) -> None:
    await office.told()
    made = await office.house.ask(bills=[BillShare("F1", 48_600, "RF1")], contact="somebody-else")
    office.house.conekta.pay(office.house.conekta.orders[list(office.house.conekta.orders)[0]].id)
    await office.house.payments.sweep()
    await office.pass_days(4)
    assert made
    assert ((await office.run()).state, office.charged()) == (RunState.OTHERWISE, [])


@pytest.mark.parametrize("who", [CONTACT, "somebody-else"])
async def test_a_live_reference_is_taken_back_before_the_charge(office: Office, who: str) -> None:
    await office.told()
    await office.pass_days(2)
    await office.house.ask(bills=[BillShare("F1", 48_600, "RF1")], contact=who)
    await office.pass_days(2)
    assert len(office.charged()) == 1
    assert [o.status.value for o in office.house.conekta.orders.values()] == ["cancelled", "paid"]
    assert await office.house.payments.pending(CONTRACT) == []


async def test_while_a_reference_cannot_be_taken_back_nothing_is_charged(office: Office) -> None:
    await office.told()
    await office.pass_days(2)
    await office.house.ask(bills=[BillShare("F1", 48_600, "RF1")])
    office.house.conekta.down = True
    await office.pass_days(1)
    assert office.charged() == []
    office.house.conekta.down = False
    await office.pass_days(0.5)
    assert len(office.charged()) == 1


async def test_a_payment_of_another_bill_found_out_on_the_way_does_not_count_for_this_one(office: Office) -> None:
    await office.told()
    await office.house.ask(bills=[BillShare("F0", 48_600, "RF0")], contact="somebody-else")
    office.house.conekta.pay(next(iter(office.house.conekta.orders)))  # and its webhook gets lost
    office.house.clock.advance(days=3)
    await office.autopay.charge_due()
    assert ((await office.run()).state, office.charged()) == (RunState.TOLD, [])
    await office.pass_days(0.2)
    assert ((await office.run()).state, len(office.charged())) == (RunState.PAID, 1)


async def test_a_reference_asked_for_while_another_is_taken_back_is_taken_back_too(office: Office) -> None:
    await office.told()
    await office.pass_days(2)
    bills, conekta = [BillShare("F1", 48_600, "RF1")], office.house.conekta
    await office.house.ask(bills=bills, contact="somebody-else")
    real = conekta.cancel

    async def slow(order_id: str) -> GatewayOrder:
        conekta.cancel = real  # type: ignore[method-assign]
        answer = await real(order_id)
        await office.house.ask("k2", bills=bills, contact="one-more")
        return answer

    conekta.cancel = slow  # type: ignore[method-assign]
    office.house.clock.advance(days=1)
    await office.autopay.charge_due()
    assert office.charged() == []
    await office.pass_days(1)
    assert [o.status.value for o in conekta.orders.values()] == ["cancelled", "cancelled", "paid"]
