"""Auto-pay from consent to receipt, and everything that keeps it from charging."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select, update

from services.autopay.errors import AutopayElsewhere, CardRefused, TooManyCards
from services.autopay.model import RunState
from services.autopay.tables import AutopayCardRow, AutopayPlanRow, AutopayRunRow
from services.messaging.outbound import Buttons, Template
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


async def test_the_notice_is_one_message_with_one_tap(office: Office) -> None:
    office.owe(days=3)
    await office.activate()
    await office.wrote()
    await office.work()
    await office.work()
    (notice,) = [m for m in await office.said() if isinstance(m, Buttons)]
    assert "486.00" in notice.body
    assert "Visa que termina en 4242" in notice.body
    assert notice.options[1].id == f'/autopay_skip{{"contract_number": "{CONTRACT}"}}'


async def test_outside_the_window_it_is_a_template(office: Office) -> None:
    office.owe(days=3)
    await office.activate()
    await office.work()
    (notice,) = [m for m in await office.said() if isinstance(m, Template)]
    assert (notice.name, notice.parameters[0], notice.parameters[2:]) == (
        "autopay_upcoming",
        "8213",
        ("486.00", "4242"),
    )
    assert len(notice.button_payloads) == 2


async def test_nobody_is_written_to_at_night(office: Office) -> None:
    office.owe(days=3)
    await office.activate()
    office.house.clock.advance(hours=12)  # midnight in Querétaro
    await office.work()
    assert await office.runs() == []


async def test_one_tap_stops_this_bill_and_only_this_one(office: Office) -> None:
    office.owe(days=3)
    await office.activate()
    await office.work()
    stopped = await office.autopay.skip(CONTACT, CONTRACT)
    assert stopped
    assert stopped.bill == "F1"
    assert await office.autopay.skip(CONTACT, CONTRACT) is None
    await office.pass_days(5)
    assert office.charged() == []
    office.owe(days=3, number="F2")
    await office.pass_days(4)
    assert len(office.charged()) == 1


async def test_nobody_stops_another_chats_charge(office: Office) -> None:
    office.owe(days=3)
    await office.activate()
    await office.work()
    assert await office.autopay.skip("c2", CONTRACT) is None
    assert await office.autopay.stop("c2", CONTRACT, "chat") == []
    assert (await office.run()).state == RunState.TOLD


async def test_ended_means_ended(office: Office) -> None:
    office.owe(days=3)
    await office.activate()
    await office.work()
    (ended,) = await office.autopay.stop(CONTACT, CONTRACT, "portal")
    assert not ended.underway
    await office.pass_days(5)
    assert office.charged() == []
    assert await office.autopay.plans(CONTACT) == []


async def test_whoever_ends_it_and_begins_anew_is_told_again(office: Office) -> None:
    office.owe(days=3)
    await office.activate()
    await office.work()
    await office.autopay.stop(CONTACT, CONTRACT, "chat")
    await office.autopay.start(CONTACT, CONTRACT, None, CONSENT)
    await office.work()
    assert (await office.run()).state == RunState.TOLD
    await office.pass_days(4)
    assert len(office.charged()) == 1


async def test_a_new_consent_takes_over_what_was_told(office: Office) -> None:
    office.owe(days=3)
    await office.activate()
    await office.work()
    await office.autopay.start(CONTACT, CONTRACT, 40_000, CONSENT)
    await office.pass_days(4)
    run = await office.run()
    assert (run.state, run.reason, office.charged()) == (RunState.NOT_CHARGED, "cap", [])


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


async def test_over_the_cap_is_said_and_not_charged(office: Office) -> None:
    office.owe("500.01", days=3)
    await office.activate(cap=50_000)
    await office.wrote()
    await office.pass_days(5)
    assert office.charged() == []
    (said,) = [m for m in await office.said() if isinstance(m, Buttons)]
    assert "pasa del tope" in said.body
    assert said.options[0].id.startswith("/payment_reference")


async def test_more_than_was_told_is_never_charged_and_less_is(office: Office) -> None:
    office.owe("486.00", days=3)
    await office.activate()
    await office.work()
    due = office.owe("500.00", days=3)
    await office.pass_days(4)
    assert ((await office.run()).reason, office.charged()) == ("changed", [])
    office.owe("486.00", days=3, number="F2")
    await office.work()
    office.owe("100.00", days=3, number="F2")
    await office.pass_days(4)
    assert [order.amount_centavos for order in office.charged()] == [10_000]
    assert due


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


async def test_a_charge_without_an_answer_is_found_not_repeated(office: Office) -> None:
    office.owe(days=3)
    await office.activate()
    await office.work()
    office.house.conekta.swallow = 1
    await office.pass_days(4)
    assert ((await office.run()).state, len(office.charged())) == (RunState.PAID, 1)
    assert len(office.house.conekta.orders) == 1


async def test_a_charge_that_never_arrived_is_made_when_that_is_sure(office: Office) -> None:
    office.owe(days=3)
    await office.activate()
    await office.work()
    office.house.conekta.vanish = 1
    await office.pass_days(4)
    run = await office.run()
    assert (run.state, run.tries, len(office.charged())) == (RunState.PAID, 0, 1)


async def test_a_second_chat_cannot_pay_the_same_contract(office: Office) -> None:
    await office.activate()
    await office.autopay.start("c2", CONTRACT, None, CONSENT)
    assert await office.autopay.add_card("c2", "tok_visa_1111") == []
    with pytest.raises(AutopayElsewhere):
        await office.autopay.start("c2", CONTRACT, None, CONSENT)
    assert len(await office.autopay.plans(CONTACT)) == 1


async def test_cards_several_default_and_removed(office: Office) -> None:
    await office.activate()
    office.house.clock.advance(seconds=1)
    await office.autopay.add_card(CONTACT, "tok_mastercard_4444")
    newest, oldest = await office.autopay.cards(CONTACT)
    assert (newest.last4, newest.is_default, oldest.is_default) == ("4444", True, False)
    assert await office.autopay.choose_card(CONTACT, oldest.id)
    assert not await office.autopay.choose_card("c2", oldest.id)
    assert not await office.autopay.remove_card("c2", oldest.id)
    assert (await office.autopay.plans(CONTACT))[0].card == (await office.autopay.cards(CONTACT))[1]
    assert await office.autopay.remove_card(CONTACT, oldest.id)
    (left,) = await office.autopay.cards(CONTACT)
    assert (left.last4, left.is_default) == ("4444", True)
    assert [card.last4 for card in office.vault.saved["cus_1"]] == ["4444"]
    await office.autopay.remove_card(CONTACT, left.id)
    assert await office.autopay.plans(CONTACT) == []


async def test_a_card_removed_while_the_gateway_is_down_is_never_charged_and_forgotten_later(office: Office) -> None:
    office.owe(days=3)
    await office.activate()
    await office.work()
    office.vault.down = True
    (card,) = await office.autopay.cards(CONTACT)
    await office.autopay.remove_card(CONTACT, card.id)
    await office.pass_days(4)
    assert office.charged() == []
    office.vault.down = False
    assert await office.autopay.tidy() == 1
    assert office.vault.saved["cus_1"] == []


async def test_a_card_that_was_saved_without_an_answer_is_found(office: Office) -> None:
    office.vault.swallow = 1
    await office.activate()
    assert [card.last4 for card in await office.autopay.cards(CONTACT)] == ["4242"]


async def test_a_token_works_once_and_five_cards_are_enough(office: Office) -> None:
    await office.activate()
    with pytest.raises(CardRefused):
        await office.autopay.add_card(CONTACT, "tok_visa_4242")
    for number in range(4):
        await office.autopay.add_card(CONTACT, f"tok_visa_000{number}")
    with pytest.raises(TooManyCards):
        await office.autopay.add_card(CONTACT, "tok_visa_9999")


async def test_a_consent_does_not_wait_for_its_card_for_ever(office: Office) -> None:
    await office.autopay.start(CONTACT, CONTRACT, None, CONSENT)
    office.house.clock.advance(hours=25)
    assert await office.autopay.add_card(CONTACT, "tok_visa_4242") == []


async def test_an_expired_card_is_said_in_time(office: Office) -> None:
    office.owe(days=3)
    await office.activate()
    async with office.house.db.begin() as session:
        await session.execute(update(AutopayCardRow).values(exp_year=2026, exp_month=11))
    await office.pass_days(4)
    assert ((await office.run()).reason, office.charged()) == ("expired", [])


async def test_what_was_not_told_in_time_is_not_charged(office: Office) -> None:
    office.owe(days=8)
    await office.activate()
    office.house.clock.advance(days=7, hours=6)  # the worker was down
    await office.work()
    assert ((await office.run()).reason, office.charged()) == ("late", [])
    await office.pass_days(3)
    assert office.charged() == []


async def test_a_bill_that_was_due_before_auto_pay_is_left_alone(office: Office) -> None:
    office.owe(days=0)
    await office.activate()
    await office.pass_days(3)
    assert await office.runs() == []


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


async def test_words_and_moment_of_the_consent_are_kept_when_it_is_over(office: Office) -> None:
    await office.activate()
    given = office.house.clock.now()
    office.house.clock.advance(days=30)
    await office.autopay.stop(CONTACT, None, "chat")
    async with office.house.db.read() as session:
        row = (await session.scalars(select(AutopayPlanRow))).one()
    assert (row.consent_text, row.consent_version, row.consented_at) == (CONSENT.text, CONSENT.version, given)
    assert (row.stopped_from, row.live_key) == ("chat", None)


async def test_a_charge_asked_for_twice_is_one(office: Office) -> None:
    bill, card = BillShare("F1", 48_600, "RF1"), ("cus_1", "src_1")
    first = await office.house.payments.charge_saved(CONTACT, CONTRACT, bill, card, "auto:F1")
    assert first.state is State.PAID
    office.house.conekta.vanish = 1
    with pytest.raises(PaymentUnknown):
        await office.house.payments.charge_saved(CONTACT, CONTRACT, BillShare("F2", 100_00, "R"), card, "auto:F2")
    assert len(office.charged()) == 1


async def test_two_workers_at_once_charge_once(office: Office) -> None:
    office.owe(days=3)
    await office.activate()
    await office.work()
    office.house.clock.advance(days=3)
    await asyncio.gather(*(office.autopay.charge_due() for _ in range(4)))
    assert len(office.charged()) == 1
    async with office.house.db.read() as session:
        assert [row.state for row in await session.scalars(select(AutopayRunRow))] == ["paid"]
