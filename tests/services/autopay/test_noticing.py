"""What is told before a charge: when, how, and what is not charged for want of it."""

from __future__ import annotations

from sqlalchemy import update

from services.autopay.tables import AutopayCardRow
from services.messaging.outbound import Buttons, Template
from tests.services.autopay.conftest import CONTRACT, Office


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
    await office.told()
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


async def test_over_the_cap_is_said_and_not_charged(office: Office) -> None:
    office.owe("500.01", days=3)
    await office.activate(cap=50_000)
    await office.wrote()
    await office.pass_days(5)
    assert office.charged() == []
    (said,) = [m for m in await office.said() if isinstance(m, Buttons)]
    assert "pasa del tope" in said.body
    assert said.options[0].id.startswith("/payment_reference")


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


async def test_a_contract_that_cannot_be_looked_at_is_asked_for_again_in_some_minutes(office: Office) -> None:
    office.owe(days=3)
    await office.activate()
    office.aquasis.down = True
    await office.autopay.look()
    office.aquasis.down = False
    office.house.clock.advance(seconds=5)
    assert await office.autopay.look() == 0
    office.house.clock.advance(minutes=5)
    assert await office.autopay.look() == 1
