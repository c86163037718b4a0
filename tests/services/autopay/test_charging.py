"""The charge on the due date, what it comes to, and what keeps it from being made."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from services.autopay.model import RunState
from services.autopay.tables import AutopayRunRow
from services.messaging.outbound import Template
from services.payments.errors import PaymentUnknown
from services.payments.model import BillShare, Kind, Method, State
from tests.services.autopay.conftest import CONSENT, CONTACT, CONTRACT, Office


async def test_from_consent_to_the_charge_on_the_due_date(office: Office) -> None:
    due = office.owe(days=5)
    plan = await office.autopay.start(CONTACT, CONTRACT, None, CONSENT)
    assert plan.state == "waiting"
    assert await office.autopay.plans(CONTACT) == []
    (plan,) = await office.autopay.add_card(CONTACT, "tok_visa_4242")
    assert (plan.state, plan.consent, plan.consented_at) == ("active", CONSENT, office.house.clock.now())
    await office.pass_days(1.5)
    assert await office.runs() == []
    await office.pass_days(1)
    run = await office.run()
    assert (run.state, run.amount_centavos, run.due) == ("told", 48_600, due)
    assert office.charged() == []
    await office.pass_days(2)
    assert office.charged() == []
    await office.pass_days(1)
    (order,) = office.charged()
    assert order.amount_centavos == 48_600
    assert (await office.run()).state == RunState.PAID
    paid = [c for c in office.house.changes if c.kind is Kind.PAID]
    assert [(c.payment.method, c.payment.bills[0].number) for c in paid] == [(Method.AUTO, "F1")]
    assert office.house.clock.local(paid[0].at).date() == due
    await office.pass_days(3)
    assert len(office.charged()) == 1
    assert office.house.ledger.posted == [("RF1", pytest.approx(486))]


async def test_three_refusals_a_day_apart_then_a_kind_word(office: Office) -> None:
    office.owe(days=3)
    office.house.conekta.bank = "insufficient_funds"
    await office.activate()
    await office.pass_days(8)
    run = await office.run()
    assert (run.state, run.tries, run.reason) == (RunState.FAILED, 3, "funds")
    assert len(office.house.conekta.orders) == 3
    (kind,) = [m for m in await office.said() if isinstance(m, Template) and m.name == "autopay_failed"]
    assert kind.parameters[:2] == ("486.00", "8213")


async def test_a_second_try_that_passes_ends_it(office: Office) -> None:
    office.owe(days=3)
    office.house.conekta.bank = "insufficient_funds"
    await office.activate()
    await office.pass_days(3.5)
    office.house.conekta.bank = None
    await office.pass_days(4)
    run = await office.run()
    assert (run.state, run.tries, len(office.charged())) == (RunState.PAID, 1, 1)


async def test_a_late_yes_after_a_no_goes_to_a_person_and_is_not_charged_again(office: Office) -> None:
    office.owe(days=3)
    office.house.conekta.bank = "card_declined"
    await office.activate()
    await office.pass_days(3.5)
    (refused,) = office.house.conekta.orders
    office.house.conekta.pay(refused)
    office.house.conekta.bank = None
    await office.pass_days(3)
    assert (await office.run()).state == RunState.REVIEW
    assert len(office.house.conekta.orders) == 1


async def test_more_than_was_told_is_never_charged_and_less_is(office: Office) -> None:
    await office.told()
    due = office.owe("500.00", days=3)
    await office.pass_days(4)
    assert ((await office.run()).reason, office.charged()) == ("changed", [])
    office.owe("486.00", days=3, number="F2")
    await office.work()
    office.owe("100.00", days=3, number="F2")
    await office.pass_days(4)
    assert [order.amount_centavos for order in office.charged()] == [10_000]
    assert due


async def test_a_charge_without_an_answer_is_found_not_repeated(office: Office) -> None:
    await office.told()
    office.house.conekta.swallow = 1
    await office.pass_days(4)
    assert ((await office.run()).state, len(office.charged())) == (RunState.PAID, 1)
    assert len(office.house.conekta.orders) == 1


async def test_a_charge_that_never_arrived_is_made_when_that_is_sure(office: Office) -> None:
    await office.told()
    office.house.conekta.vanish = 1
    await office.pass_days(4)
    run = await office.run()
    assert (run.state, run.tries, len(office.charged())) == (RunState.PAID, 0, 1)


async def test_a_charge_asked_for_twice_is_one(office: Office) -> None:
    bill, card = BillShare("F1", 48_600, "RF1"), ("cus_1", "src_1")
    first = await office.house.payments.charge_saved(CONTACT, CONTRACT, bill, card, "auto:F1")
    assert first.state is State.PAID
    office.house.conekta.vanish = 1
    with pytest.raises(PaymentUnknown):
        await office.house.payments.charge_saved(CONTACT, CONTRACT, BillShare("F2", 100_00, "R"), card, "auto:F2")
    assert len(office.charged()) == 1


async def test_two_workers_at_once_charge_once(office: Office) -> None:
    await office.told()
    office.house.clock.advance(days=3)
    await asyncio.gather(*(office.autopay.charge_due() for _ in range(4)))
    assert len(office.charged()) == 1
    async with office.house.db.read() as session:
        assert [row.state for row in await session.scalars(select(AutopayRunRow))] == ["paid"]


async def test_a_charge_that_systems_kept_waiting_for_days_is_not_made(office: Office) -> None:
    await office.told()
    office.house.conekta.down = True
    await office.pass_days(6)
    office.house.conekta.down = False
    await office.pass_days(1)
    assert ((await office.run()).reason, office.charged()) == ("late", [])


async def test_a_key_that_the_gateway_does_not_know_is_nobodys_refused_card(office: Office) -> None:
    await office.told()
    office.house.conekta.stranger = True
    await office.pass_days(4)
    assert ((await office.run()).state, (await office.run()).tries) == (RunState.TOLD, 0)
    office.house.conekta.stranger = False
    await office.pass_days(0.2)
    assert len(office.charged()) == 1
