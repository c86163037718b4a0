"""Webhooks: who may send them, that they are counted once, and what they change."""

from __future__ import annotations

import pytest

from services.errors import Refused, Unavailable, UnknownOutcome
from services.payments.errors import PaymentsUnavailable, WebhookRejected
from services.payments.gateway import OrderStatus
from services.payments.model import BillShare, Kind, State
from tests.services.payments.conftest import House


async def test_a_paid_order_marks_the_payment_and_posts_each_bill(house: House) -> None:
    await house.ask()
    house.conekta.pay("ord_1")
    changes = await house.tell("order.paid", "ord_1")
    assert [c.kind for c in changes] == [Kind.PAID, Kind.POSTED, Kind.POSTED]
    assert [c.kind for c in house.changes] == [Kind.PAID, Kind.POSTED, Kind.POSTED]
    assert [(r, str(a)) for r, a in house.ledger.posted] == [("R1", "286"), ("R2", "200")]
    payment = (await house.payments.history("0048213"))[0]
    assert (payment.state, payment.received_centavos) == (State.PAID, 48_600)


async def test_a_repeat_changes_nothing(house: House) -> None:
    await house.ask()
    house.conekta.pay("ord_1")
    await house.tell("order.paid", "ord_1", "evt_same")
    assert await house.tell("order.paid", "ord_1", "evt_same") == []
    assert await house.tell("order.paid", "ord_1", "evt_other") == []
    assert len(house.ledger.posted) == 2


async def test_the_body_is_not_believed(house: House) -> None:
    await house.ask()
    assert await house.tell("order.paid", "ord_1") == []
    assert [p.state for p in await house.payments.history("0048213")] == [State.PENDING]


@pytest.mark.parametrize("digest", [None, "", "bm8=", "not base64!", "ñ"])
async def test_an_unsigned_webhook_is_rejected(house: House, digest: str | None) -> None:
    raw, _ = house.conekta.event("order.paid", "ord_1")
    with pytest.raises(WebhookRejected):
        await house.payments.handle_webhook(raw, digest)


async def test_a_changed_body_is_rejected(house: House) -> None:
    raw, digest = house.conekta.event("order.paid", "ord_1")
    with pytest.raises(WebhookRejected):
        await house.payments.handle_webhook(raw + b" ", digest)


async def test_without_keys_nothing_is_accepted(house: House) -> None:
    house.conekta.down = True
    with pytest.raises(PaymentsUnavailable):
        await house.tell("order.paid", "ord_1")


async def test_what_could_not_be_looked_up_is_done_by_the_sweep(house: House) -> None:
    await house.ask()
    house.conekta.pay("ord_1")
    event_id = await house.payments.accept_webhook(*house.conekta.event("order.paid", "ord_1"))
    house.conekta.down = True
    with pytest.raises(PaymentsUnavailable):
        await house.payments.process_event(event_id)
    house.conekta.down = False
    await house.payments.sweep()
    assert [c.kind for c in house.changes] == [Kind.PAID, Kind.POSTED, Kind.POSTED]


async def test_pings_charges_and_foreign_orders_are_taken_quietly(house: House) -> None:
    assert await house.tell("webhook_ping", "") == []
    assert await house.tell("charge.paid", "ch_1") == []
    assert await house.tell("order.paid", "ord_foreign") == []


async def test_an_expired_order_ends_the_reference(house: House) -> None:
    await house.ask()
    house.clock.advance(days=4)
    assert [c.kind for c in await house.tell("order.expired", "ord_1")] == [Kind.EXPIRED]


async def test_the_sweep_expires_what_no_webhook_told_of(house: House) -> None:
    await house.ask()
    house.clock.advance(days=4)
    await house.payments.sweep()
    assert [c.kind for c in house.changes] == [Kind.EXPIRED]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"amount_centavos": 1, "paid_centavos": 1}, "partial"),
        ({"paid_centavos": 1}, "partial"),
        ({"amount_centavos": 60_000, "paid_centavos": 60_000}, "overpaid"),
        ({"amount_centavos": 1, "paid_centavos": 48_600}, "amount"),
        ({"currency": "USD", "paid_centavos": 48_600}, "currency"),
    ],
)
async def test_what_does_not_fit_goes_to_a_person(house: House, change, reason) -> None:
    await house.ask()
    house.conekta.change("ord_1", status=OrderStatus.PAID, **change)
    changes = await house.tell("order.paid", "ord_1")
    assert [(c.kind, c.reason) for c in changes] == [(Kind.REVIEW, reason)]
    assert house.ledger.posted == []


async def test_money_for_an_expired_reference_goes_to_a_person(house: House) -> None:
    await house.ask()
    house.clock.advance(days=4)
    await house.payments.sweep()
    house.conekta.pay("ord_1")
    assert [(c.kind, c.reason) for c in await house.tell("order.paid", "ord_1")] == [(Kind.REVIEW, "late")]


async def test_a_late_expiry_does_not_undo_a_payment(house: House) -> None:
    await house.ask()
    house.conekta.pay("ord_1")
    await house.tell("order.paid", "ord_1")
    house.conekta.change("ord_1", status=OrderStatus.EXPIRED)
    assert await house.tell("order.expired", "ord_1") == []
    house.conekta.change("ord_1", status=OrderStatus.REFUNDED)
    assert [c.reason for c in await house.tell("order.refunded", "ord_1")] == ["refunded"]


async def test_a_payment_that_no_bills_explain_is_posted_by_a_person(house: House) -> None:
    await house.ask(amount=10_000, bills=(BillShare("F1", 28_600, "R1"),))
    house.conekta.pay("ord_1")
    assert [c.kind for c in await house.tell("order.paid", "ord_1")] == [Kind.PAID]
    assert house.ledger.posted == []


@pytest.mark.parametrize(("error", "reason"), [(UnknownOutcome("?"), "unknown"), (Refused("no"), "refused")])
async def test_a_posting_without_a_clear_yes_is_never_sent_again(house: House, error, reason) -> None:
    await house.ask()
    house.conekta.pay("ord_1")
    house.ledger.error = error
    changes = await house.tell("order.paid", "ord_1")
    assert {(c.kind, c.reason) for c in changes[1:]} == {(Kind.UNPOSTED, reason)}
    house.ledger.error = None
    house.clock.advance(days=1)
    await house.payments.sweep()
    assert house.ledger.posted == []


async def test_a_posting_that_never_left_is_tried_later(house: House) -> None:
    await house.ask()
    house.conekta.pay("ord_1")
    house.ledger.error = Unavailable("down")
    await house.tell("order.paid", "ord_1")
    house.ledger.error = None
    await house.payments.sweep()
    assert house.ledger.posted == []
    house.clock.advance(minutes=1)
    await house.payments.sweep()
    assert len(house.ledger.posted) == 2


async def test_a_process_that_dies_while_posting_leaves_it_to_a_person(house: House) -> None:
    await house.ask()
    house.conekta.pay("ord_1")
    house.ledger.error = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        await house.tell("order.paid", "ord_1")
    house.ledger.error = None
    house.clock.advance(minutes=11)
    await house.payments.sweep()
    assert [c.reason for c in house.changes if c.kind is Kind.UNPOSTED] == ["unknown"]
    assert len(house.ledger.posted) == 1


async def test_a_listener_that_fails_takes_the_payment_back(house: House) -> None:
    await house.ask()
    house.conekta.pay("ord_1")

    async def fail(session, change) -> None:
        raise RuntimeError

    house.payments.on_change(fail)
    with pytest.raises(RuntimeError):
        await house.tell("order.paid", "ord_1")
    assert [p.state for p in await house.payments.history("0048213")] == [State.PENDING]
