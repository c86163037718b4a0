"""A bill of which a part is paid, and a bank that wants the citizen to confirm a charge."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from services.aquasis.errors import AquasisDown, AquasisRefused
from services.aquasis.model import Bill, BillState
from services.autopay.model import RunState
from services.messaging.outbound import Buttons, Template
from services.payments.model import BillShare, Kind, Method
from tests.services.autopay.conftest import CONTRACT, Office

HALF = 20_000


async def pay_a_part(office: Office, centavos: int = HALF, ledger: Exception | None = None) -> None:
    """Two hundred pesos of the bill at a till; whether they are booked, the ledger says."""
    office.house.ledger.error = ledger
    await office.house.ask(amount=centavos, bills=[BillShare("F1", centavos, "RF1")], contact="somebody-else")
    office.house.conekta.pay(list(office.house.conekta.orders)[-1])
    await office.house.payments.sweep()


def owe_the_rest(office: Office, rest: str) -> None:
    """As the billing system shows it after a part was booked."""
    debt = office.aquasis.debts[CONTRACT]
    bill = replace(debt.bills[0], amount=Decimal(rest))
    office.aquasis.debts[CONTRACT] = replace(debt, total=Decimal(rest), bills=(bill,))


async def last(office: Office) -> Buttons | Template:
    message = (await office.said())[-1]
    assert isinstance(message, Buttons | Template)
    return message


def wish_of(message: Template) -> dict[str, str]:
    """What the tap on its first button asks for."""
    wish: dict[str, str] = json.loads(message.button_payloads[0].removeprefix("/payment_reference"))
    return wish


async def test_the_rest_of_a_bill_is_charged_when_the_part_is_booked(office: Office) -> None:
    await office.told()
    await pay_a_part(office)
    owe_the_rest(office, "286.00")
    await office.pass_days(4)
    assert [order.amount_centavos for order in office.charged()] == [28_600]
    assert (await office.run()).state == RunState.PAID
    paid = [c.payment for c in office.house.changes if c.kind is Kind.PAID]
    assert sum(p.bills[0].amount_centavos for p in paid) == 48_600


async def test_a_part_paid_before_the_notice_leaves_the_rest_to_be_told_and_charged(office: Office) -> None:
    office.owe("486.00", days=6)
    await office.activate()
    await pay_a_part(office)
    owe_the_rest(office, "286.00")
    debt = office.aquasis.debts[CONTRACT].bills[0]
    office.aquasis.bill_lists[CONTRACT] = (Bill("F1", debt.month, Decimal("486.00"), BillState.PENDING),)
    await office.pass_days(7)
    assert [order.amount_centavos for order in office.charged()] == [28_600]


async def test_a_debt_that_does_not_show_the_part_is_not_charged_and_both_sums_are_said(office: Office) -> None:
    office.owe("486.00", days=3)
    await office.activate()
    await office.wrote()
    await office.work()
    await pay_a_part(office)  # booked, but the billing system still lists the whole bill
    office.house.clock.advance(days=2.5)
    await office.wrote()
    await office.pass_days(1)
    assert ((await office.run()).reason, office.charged()) == ("partly", [])
    message = await last(office)
    assert isinstance(message, Buttons)
    assert "Ya llegaron *$200.00* de su recibo" in message.body
    assert "y faltan *$286.00*" in message.body


async def test_a_part_that_the_ledger_did_not_take_is_said_with_what_is_left(office: Office) -> None:
    await office.told()
    await pay_a_part(office, ledger=AquasisRefused("no"))
    await office.pass_days(4)
    assert ((await office.run()).reason, office.charged()) == ("partly", [])
    message = await last(office)
    assert isinstance(message, Template)
    assert message.parameters == ("286.00", "8213", "ya hay un pago de una parte")
    wish = wish_of(message)
    assert (wish["amount"], wish["choice"]) == ("286.00", "bill F1")


async def test_while_the_part_is_being_booked_nothing_is_charged(office: Office) -> None:
    await office.told()
    await pay_a_part(office, ledger=AquasisDown("down"))
    await office.pass_days(3)
    assert ((await office.run()).state, office.charged()) == (RunState.TOLD, [])
    office.house.ledger.error = None
    await office.house.payments.sweep()
    owe_the_rest(office, "286.00")
    await office.pass_days(1)
    assert [order.amount_centavos for order in office.charged()] == [28_600]


@pytest.mark.parametrize("how", ["challenge", "declined_by_3ds"])
async def test_a_bank_that_wants_a_confirmation_is_no_refusal_and_leads_to_a_card_page(
    office: Office, how: str
) -> None:
    await office.told()
    if how == "challenge":
        office.house.conekta.challenge = True
    else:
        office.house.conekta.bank = how
    await office.pass_days(6)
    run = await office.run()
    assert (run.state, run.reason, run.tries, office.charged()) == (RunState.NOT_CHARGED, "bank", 1, [])
    assert await office.house.payments.pending(CONTRACT) == []
    message = await last(office)
    assert isinstance(message, Template)
    assert message.parameters[2] == "el banco pide confirmar este pago"
    just_this = {"contract_number": CONTRACT, "amount": "486.00", "choice": "bill F1"}
    assert wish_of(message) == {**just_this, "payment_method": "card"}
    assert len(office.house.conekta.orders) == 1


async def test_inside_the_day_the_bank_is_told_of_in_words(office: Office) -> None:
    office.owe("486.00", days=3)
    office.house.conekta.challenge = True
    await office.activate()
    await office.work()
    office.house.clock.advance(days=2.5)
    await office.wrote()
    await office.pass_days(1)
    message = await last(office)
    assert isinstance(message, Buttons)
    assert "Su banco pide que usted confirme" in message.body
    assert [o.title for o in message.options] == ["Pagar con tarjeta", "Cambiar tarjeta"]
    paid = await office.house.ask(method=Method.CARD, key="by-hand")
    assert paid
