"""Card payments: one page per debt, few tries, and a page that only looks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.payments.cards import CardView, Stage
from services.payments.declines import Decline, decline
from services.payments.errors import AlreadyPaid, PaymentsUnavailable
from services.payments.gateway import CARD_TRIES, OrderStatus
from services.payments.model import CardCheckout, Kind, Method
from tests.services.payments.conftest import House


async def link(house: House, key: str = "k1") -> CardCheckout:
    made = await house.ask(key, Method.CARD)
    assert isinstance(made, CardCheckout)
    return made


async def view(house: House, made: CardCheckout, *, ask: bool = True) -> CardView:
    found = await house.payments.cards.view(made.payment_id, ask=ask)
    assert found is not None
    return found


async def test_a_card_payment_is_a_page_of_the_gateway_that_leads_back(house: House) -> None:
    asked = []
    real = house.conekta.create_order

    async def watched(order):
        asked.append(order)
        return await real(order)

    house.conekta.create_order = watched  # type: ignore[method-assign]
    made = await link(house)
    assert made.url == "https://pay.conekta.com/checkout/1"
    assert made.expires_at == house.clock.now() + timedelta(hours=24)
    assert asked[0].return_url is not None
    assert f"/pagar/{made.payment_id}-" in asked[0].return_url
    assert "0048213" not in f"{asked[0].title}{asked[0].payer_name}{asked[0].return_url}"


async def test_the_same_wish_gets_the_same_page(house: House) -> None:
    first, again = await link(house, "k1"), await link(house, "k2")
    assert (again.url, again.repeated, len(house.conekta.orders)) == (first.url, True, 1)


async def test_after_a_silence_the_order_is_found_not_made_twice(house: House) -> None:
    house.conekta.swallow = 1
    made = await link(house)
    assert (len(house.conekta.orders), made.url) == (1, "https://pay.conekta.com/checkout/1")


async def test_a_refused_card_may_be_followed_by_another(house: House) -> None:
    made = await link(house)
    house.conekta.refuse_card("ord_1", "insufficient_funds")
    seen = await view(house, made)
    assert (seen.stage, seen.reason, seen.checkout_url) == (Stage.DECLINED, Decline.FUNDS, made.url)
    house.conekta.pay("ord_1")
    assert (await view(house, made)).stage is Stage.WAITING
    assert await house.payments.process_waiting() == 1
    await house.payments.post_due()
    assert (await view(house, made)).stage is Stage.PAID
    assert [change.kind for change in house.changes] == [Kind.PAID, Kind.POSTED, Kind.POSTED]


async def test_after_three_refusals_the_page_is_closed_and_a_new_wish_gets_a_new_one(house: House) -> None:
    made = await link(house)
    for _ in range(CARD_TRIES):
        house.conekta.refuse_card("ord_1", "card_declined")
    seen = await view(house, made)
    assert (seen.stage, seen.checkout_url) == (Stage.USED_UP, None)
    new = await link(house, "k2")
    assert new.payment_id != made.payment_id
    assert house.conekta.orders["ord_1"].status is OrderStatus.CANCELLED
    assert (await view(house, made)).stage is Stage.OVER


async def test_looking_never_settles_and_is_told_to_the_worker_once(house: House) -> None:
    made = await link(house)
    house.conekta.pay("ord_1")
    for _ in range(3):
        assert (await view(house, made)).stage is Stage.WAITING
    assert house.changes == []
    assert await house.payments.process_waiting() == 1
    await house.payments.post_due()
    assert [reference for reference, _ in house.ledger.posted] == ["R1", "R2"]
    await house.tell("order.paid", "ord_1")
    assert [change.kind for change in house.changes].count(Kind.PAID) == 1


async def test_paid_by_somebody_else_meanwhile_closes_the_page(house: House) -> None:
    made = await link(house)
    await house.ask("k2", Method.CASH, contact="c2")
    house.clock.advance(minutes=1)
    house.conekta.pay("ord_2")
    await house.tell("order.paid", "ord_2")
    assert (await view(house, made)).stage is Stage.OTHERWISE


async def test_another_way_to_pay_closes_the_page(house: House) -> None:
    made = await link(house)
    await house.ask("k2", Method.CASH)
    assert (await view(house, made)).stage is Stage.OVER
    assert house.conekta.orders["ord_1"].status is OrderStatus.CANCELLED


async def test_a_page_that_is_over_cannot_be_paid(house: House) -> None:
    made = await link(house)
    house.clock.advance(hours=25)
    assert (await view(house, made)).stage is Stage.OVER
    await house.payments.sweep()
    assert house.conekta.orders["ord_1"].status is OrderStatus.CANCELLED


async def test_money_that_came_at_the_last_moment_is_not_called_too_late(house: House) -> None:
    made = await link(house)
    house.conekta.pay("ord_1")
    house.clock.advance(hours=25)
    assert (await view(house, made)).stage is Stage.WAITING
    await house.payments.process_waiting()
    assert (await view(house, made)).stage is Stage.PAID


async def test_a_bank_that_is_asking_is_waited_for(house: House) -> None:
    made = await link(house)
    house.conekta.change("ord_1", underway=True)
    seen = await view(house, made)
    assert (seen.stage, seen.checkout_url) == (Stage.WAITING, made.url)


async def test_a_gateway_that_is_down_says_so_only_if_asked(house: House) -> None:
    made = await link(house)
    house.conekta.down = True
    assert (await view(house, made, ask=False)).stage is Stage.READY
    with pytest.raises(PaymentsUnavailable):
        await view(house, made)


async def test_only_card_payments_have_a_page(house: House) -> None:
    cash = await house.ask("k1")
    assert await house.payments.cards.view(cash.payment_id, ask=True) is None
    assert await house.payments.cards.view("0" * 32, ask=True) is None


async def test_a_paid_page_is_not_offered_again(house: House) -> None:
    await link(house)
    house.conekta.pay("ord_1")
    with pytest.raises(AlreadyPaid):
        await link(house, "k2")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("conekta.errors.processing.bank.insufficient_funds", Decline.FUNDS),
        ("insufficient_funds", Decline.FUNDS),
        ("conekta.errors.processing.bank_bindings.declined", Decline.DECLINED),
        ("conekta.errors.processing.charge.card_payment.declined_by_3ds", Decline.AUTHENTICATION),
        ("suspected_fraud", Decline.SUSPICIOUS),
        ("conekta.errors.processing.charge.card_payment.suspicious_behaviour", Decline.SUSPICIOUS),
        ("conekta.errors.parameter_validation.expiration_date.expired", Decline.EXPIRED),
        ("conekta.errors.parameter_validation.card.cvc", Decline.CODE),
        ("conekta.errors.parameter_validation.card.number", Decline.NUMBER),
        ("conekta.errors.parameter_validation.charge.international_card_not_allowed", Decline.ABROAD),
        ("", Decline.DECLINED),
        ("something_new", Decline.DECLINED),
    ],
)
def test_every_code_has_a_reason(code: str, reason: Decline) -> None:
    assert decline(code) is reason
