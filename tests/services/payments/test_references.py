"""Making references: once, within limits, and sanely through every kind of silence."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import pytest

from services.payments.errors import (
    AlreadyPaid,
    AmountTooLarge,
    AmountTooSmall,
    PaymentInProgress,
    PaymentRefused,
    PaymentsUnavailable,
    PaymentUnknown,
    TooManyPayments,
)
from services.payments.model import BillShare, CashReference, Method, SpeiReference, State
from services.payments.references import LEASE
from tests.services.payments.conftest import House


async def test_a_cash_reference_says_all_that_is_needed_at_the_till(house: House) -> None:
    made = await house.ask()
    assert isinstance(made, CashReference)
    assert (made.amount_centavos, made.contract, made.repeated) == (48_600, "0048213", False)
    assert made.stores == ("Tienda Uno", "Tienda Dos")
    assert made.grouped.replace(" ", "") == made.reference
    local = house.clock.local(made.expires_at)
    assert (local.date(), local.hour) == (datetime(2026, 12, 10).date(), 23)


async def test_a_spei_reference_carries_clabe_and_bank(house: House) -> None:
    made = await house.ask(method=Method.SPEI)
    assert isinstance(made, SpeiReference)
    assert (len(made.clabe), made.bank) == (18, "STP")


async def test_a_live_reference_is_given_again(house: House) -> None:
    first = await house.ask("k1")
    same_key, same_wish = await house.ask("k1"), await house.ask("k2")
    assert first.payment_id == same_key.payment_id == same_wish.payment_id
    assert same_wish.repeated
    assert len(house.conekta.orders) == 1


async def test_another_amount_or_method_takes_the_place_of_the_live_one(house: House) -> None:
    await house.ask("k1")
    await house.ask("k2", amount=10_000)
    last = await house.ask("k3", method=Method.SPEI)
    assert [o.status for o in house.conekta.orders.values()] == ["cancelled", "cancelled", "open"]
    assert [p.id for p in await house.payments.pending("0048213")] == [last.payment_id]


async def test_the_same_amount_for_another_bill_is_another_reference_and_is_laid_on_that_bill(house: House) -> None:
    older, newer = BillShare("F1", 20_000, "R1"), BillShare("F2", 20_000, "R2")
    await house.ask("k1", amount=20_000, bills=[older])
    second = await house.ask("k2", amount=20_000, bills=[newer])
    assert not second.repeated
    assert (await house.ask("k3", amount=20_000, bills=[newer])).payment_id == second.payment_id
    assert [o.status for o in house.conekta.orders.values()] == ["cancelled", "open"]
    house.conekta.pay(list(house.conekta.orders)[-1])
    await house.payments.sweep()
    assert [reference for reference, _ in house.ledger.posted] == ["R2"]


async def test_another_person_may_pay_the_same_bill_with_a_reference_of_their_own(house: House) -> None:
    mine, theirs = await house.ask("k1"), await house.ask("k2", contact="c2")
    assert mine.payment_id != theirs.payment_id
    assert [o.status for o in house.conekta.orders.values()] == ["open", "open"]


async def test_a_live_one_that_was_paid_unheard_is_not_replaced(house: House) -> None:
    await house.ask("k1")
    house.conekta.pay("ord_1")
    with pytest.raises(AlreadyPaid):
        await house.ask("k2", amount=10_000)
    assert len(house.conekta.orders) == 1


async def test_one_paid_while_it_was_being_taken_back_is_not_replaced(house: House, monkeypatch) -> None:
    await house.ask("k1")
    real = house.conekta.cancel

    async def too_late(order_id):
        house.conekta.pay(order_id)
        return await real(order_id)

    monkeypatch.setattr(house.conekta, "cancel", too_late)
    with pytest.raises(AlreadyPaid):
        await house.ask("k2", amount=10_000)
    assert len(house.conekta.orders) == 1


async def test_while_the_gateway_is_down_the_live_one_stays_the_only_one(house: House) -> None:
    first = await house.ask("k1")
    house.conekta.down = True
    with pytest.raises(PaymentsUnavailable):
        await house.ask("k2", method=Method.SPEI)
    assert [p.id for p in await house.payments.pending("0048213")] == [first.payment_id]


async def test_nobody_needs_a_thousand_references(house: House) -> None:
    for number in range(10):
        await house.ask(f"k{number}", amount=1_000 + number)
    with pytest.raises(TooManyPayments):
        await house.ask("k10", amount=2_000)
    assert len(house.conekta.orders) == 10
    assert (await house.ask("again", amount=1_009)).repeated, "the live one is still shown"
    assert await house.ask("k11", contact="c2"), "others are not in the way"
    for hour in range(2):
        house.clock.advance(hours=1, minutes=1)
        with suppress(TooManyPayments):
            for number in range(10):
                await house.ask(f"h{hour}-{number}", amount=3_000 + 100 * hour + number)
    house.clock.advance(hours=1, minutes=1)
    with pytest.raises(TooManyPayments):
        await house.ask("late", amount=9_999)
    assert len(house.conekta.orders) == 26


async def test_nor_does_one_contract_whoever_asks(house: House) -> None:
    refused = 0
    for number in range(1_000):
        try:
            await house.ask(f"k{number}", contact=f"c{number}", amount=1_000)
        except TooManyPayments:
            refused += 1
    assert (len(house.conekta.orders), refused) == (40, 960)
    assert (await house.ask("again", contact="c7", amount=1_000)).repeated, "the live ones can still be paid"
    house.clock.advance(days=1, minutes=1)
    assert await house.ask("next day", contact="c999")


async def test_a_payment_keeps_its_history(house: House) -> None:
    first = await house.ask("k1")
    house.clock.advance(seconds=1)
    await house.ask("k2", amount=10_000)
    assert [what for _, what, _ in await house.payments.notes(first.payment_id)] == ["creating", "pending", "cancelled"]
    house.conekta.pay("ord_2")
    await house.tell("order.paid", "ord_2")
    payment = (await house.payments.history("0048213"))[0]
    notes = await house.payments.notes(payment.id)
    assert [(what, why) for _, what, why in notes] == [
        ("creating", None),
        ("pending", None),
        ("paid", None),
    ]


async def test_a_reference_that_is_over_is_offered_anew(house: House) -> None:
    first = await house.ask("k1")
    house.clock.advance(days=4)
    assert await house.payments.pending("0048213") == []
    second = await house.ask("k1")
    assert second.payment_id != first.payment_id
    states = {p.id: p.state for p in await house.payments.history("0048213")}
    assert states == {first.payment_id: State.EXPIRED, second.payment_id: State.PENDING}


async def test_one_that_was_paid_unheard_is_not_offered_again(house: House) -> None:
    await house.ask("k1")
    house.conekta.pay("ord_1")
    with pytest.raises(AlreadyPaid):
        await house.ask("k2")
    assert [p.state for p in await house.payments.history("0048213")] == [State.PAID]


async def test_after_a_payment_the_same_amount_can_be_asked_for_again(house: House) -> None:
    await house.ask("k1")
    house.conekta.pay("ord_1")
    await house.payments.refresh("0048213")
    assert not (await house.ask("k2")).repeated
    with pytest.raises(AlreadyPaid):
        await house.ask("k1")


@pytest.mark.parametrize(("amount", "error"), [(999, AmountTooSmall), (1_000_001, AmountTooLarge)])
async def test_amounts_have_limits(house: House, amount: int, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        await house.ask(amount=amount)
    assert caught.value.facts["limit_centavos"] in (1_000, 1_000_000)
    assert await house.ask(method=Method.SPEI, amount=1_000_001)


async def test_an_answer_that_got_lost_is_looked_up_and_not_repeated(house: House) -> None:
    house.conekta.swallow = 1
    made = await house.ask()
    assert isinstance(made, CashReference)
    assert len(house.conekta.orders) == 1


async def test_an_order_that_never_was_is_made_after_looking(house: House) -> None:
    house.conekta.vanish = 1
    assert await house.ask()
    assert len(house.conekta.orders) == 1


async def test_two_silences_end_in_unknown_and_the_next_wish_finds_out(house: House) -> None:
    house.conekta.vanish = 2
    with pytest.raises(PaymentUnknown):
        await house.ask("k1")
    assert await house.ask("k1")
    assert len(house.conekta.orders) == 1


async def test_a_gateway_that_goes_down_in_the_middle_leaves_it_open(house: House, monkeypatch) -> None:
    house.conekta.swallow = 1

    async def down(our_id, since):
        raise PaymentsUnavailable("down")

    with monkeypatch.context() as patched:
        patched.setattr(house.conekta, "find", down)
        with pytest.raises(PaymentUnknown):
            await house.ask("k1")
    made = await house.ask("k2")
    assert len(house.conekta.orders) == 1
    assert made.payment_id == house.conekta.orders["ord_1"].our_id


async def test_a_gateway_that_is_down_leaves_nothing_behind(house: House) -> None:
    house.conekta.down = True
    with pytest.raises(PaymentsUnavailable):
        await house.ask("k1")
    house.conekta.down = False
    assert not (await house.ask("k1")).repeated


async def test_a_live_reference_is_known_without_the_gateway(house: House) -> None:
    first = await house.ask("k1")
    house.conekta.down = True
    assert (await house.ask("k2")).payment_id == first.payment_id
    assert len(await house.payments.refresh("0048213")) == 1


async def test_a_gateway_that_forgot_the_order_gets_a_new_one(house: House) -> None:
    first = await house.ask("k1")
    house.conekta.orders.clear()
    assert (await house.ask("k1")).payment_id != first.payment_id


async def test_the_same_wish_at_the_same_time_is_told_to_wait(house: House, monkeypatch) -> None:
    real = house.conekta.create_order

    async def slow(asked):
        with pytest.raises(PaymentInProgress):
            await house.ask("k2")
        return await real(asked)

    monkeypatch.setattr(house.conekta, "create_order", slow)
    await house.ask("k1")
    assert len(house.conekta.orders) == 1


async def test_a_maker_that_died_is_followed_by_the_sweep(house: House, monkeypatch) -> None:
    real = house.conekta.create_order

    async def die(asked):
        await real(asked)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(house.conekta, "create_order", die)
        with pytest.raises(KeyboardInterrupt):
            await house.ask("k1")
    with pytest.raises(PaymentInProgress):
        await house.ask("k1")
    house.clock.advance(seconds=LEASE.total_seconds() + 301)
    await house.payments.sweep()
    assert (await house.ask("k1")).repeated
    assert len(house.conekta.orders) == 1


async def test_a_double_that_arrives_late_is_cancelled_when_seen(house: House) -> None:
    house.conekta.swallow = 2
    made = await house.ask("k1")
    assert made.payment_id
    assert [o.status for o in house.conekta.orders.values()] == ["open"]


async def test_a_clabe_with_a_wrong_digit_is_never_shown(house: House, monkeypatch) -> None:
    from services.payments import rows

    monkeypatch.setattr(rows, "is_clabe", lambda text: False)
    with pytest.raises(PaymentRefused):
        await house.ask(method=Method.SPEI)
