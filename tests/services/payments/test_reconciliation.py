"""Webhooks that never come, decisions of people, and the daily report."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from services.aquasis.errors import AquasisDown
from services.errors import Unavailable, UnknownOutcome
from services.payments import reconciliation, reviews
from services.payments.model import Kind, Method, State
from services.payments.report import daily, write_yesterdays
from services.payments.reviews import Decision
from tests.services.payments.conftest import BILLS, House

FIVE_MINUTES = timedelta(minutes=5)


async def minutes(house: House, count: int) -> timedelta:
    """Let so many minutes pass with a sweep in each; the longest that anything waited."""
    worst = timedelta()
    for _ in range(count):
        house.clock.advance(minutes=1)
        await house.payments.sweep()
        worst = max(worst, await house.payments.unreconciled())
    return worst


async def test_without_any_webhook_nothing_is_older_than_five_minutes(house: House) -> None:
    for number in range(12):
        await house.ask(f"k{number}", contact=f"c{number}", method=Method.SPEI if number % 2 else Method.CASH)
    assert await minutes(house, 7) < FIVE_MINUTES
    for number in range(1, 13, 3):
        house.conekta.pay(f"ord_{number}")
    assert await minutes(house, 1) < FIVE_MINUTES
    paid = [p for p in await house.payments.history("0048213") if p.state is State.PAID]
    assert len(paid) == 4
    assert len(set(house.ledger.tickets)) == 4


async def test_more_open_ones_than_a_batch_holds_do_not_wait_longer(house: House, monkeypatch) -> None:
    monkeypatch.setattr(reconciliation, "BATCH", 2)
    for number in range(12):
        await house.ask(f"k{number}", contact=f"c{number}")
    assert await minutes(house, 9) < FIVE_MINUTES


async def test_each_open_one_is_looked_at_even_if_the_gateway_does_not_list_it(house: House, monkeypatch) -> None:
    await house.ask()

    async def nothing(since):
        return []

    monkeypatch.setattr(house.conekta, "changed", nothing)
    house.conekta.pay("ord_1")
    await minutes(house, 5)
    assert [p.state for p in await house.payments.history("0048213")] == [State.PAID]


@pytest.mark.parametrize("webhooks", [True, False])
async def test_a_payment_that_cannot_be_written_down_does_not_keep_the_others_waiting(house: House, webhooks) -> None:
    first = await house.ask("k1", contact="c1")
    await house.ask("k2", contact="c2")

    async def fail(session, change) -> None:
        if change.payment.id == first.payment_id:
            raise RuntimeError("a fault of ours")

    house.payments.on_change(fail)
    for order in ("ord_1", "ord_2"):
        house.conekta.pay(order)
        if webhooks:
            await house.payments.accept_webhook(*house.conekta.event("order.paid", order))
    if webhooks:
        await house.payments.process_waiting()
    else:
        await minutes(house, 4)
    assert {p.contact_id: p.state for p in await house.payments.history("0048213")} == {
        "c1": State.PENDING,
        "c2": State.PAID,
    }


async def test_a_late_payment_of_an_expired_reference_is_found_without_a_webhook(house: House) -> None:
    await house.ask()
    house.clock.advance(days=4)
    await house.payments.sweep()
    house.conekta.pay("ord_1")
    await minutes(house, 1)
    assert [(c.kind, c.reason) for c in house.changes] == [(Kind.EXPIRED, None), (Kind.REVIEW, "late")]


async def test_while_the_gateway_is_down_waiting_shows_and_afterwards_it_is_made_up_for(house: House) -> None:
    await house.ask()
    house.conekta.down = True
    assert await minutes(house, 9) > FIVE_MINUTES
    house.conekta.down = False
    assert await minutes(house, 1) < FIVE_MINUTES


async def decided(house: House, decision: Decision) -> None:
    case = (await reviews.open_cases(house.db))[0]
    await reviews.decide(house.db, house.clock, case.id, decision, "ana", "llamó el banco")
    await house.payments.sweep()


async def late(house: House) -> None:
    await house.ask()
    house.clock.advance(days=4)
    await house.payments.sweep()
    house.conekta.pay("ord_1")
    await house.tell("order.paid", "ord_1")


async def test_late_money_that_a_person_accepts_is_told_and_posted(house: House) -> None:
    await late(house)
    await decided(house, Decision.ACCEPT)
    assert [c.kind for c in house.changes][-3:] == [Kind.PAID, Kind.POSTED, Kind.POSTED]
    assert [p.state for p in await house.payments.history("0048213")] == [State.PAID]
    assert await reviews.open_cases(house.db) == []


async def test_part_of_the_money_that_is_accepted_is_laid_on_bills_by_a_person(house: House) -> None:
    await house.ask()
    house.conekta.pay("ord_1", 20_000)
    await house.tell("order.paid", "ord_1")
    await decided(house, Decision.ACCEPT)
    assert house.ledger.posted == []
    assert [(c.reason, c.amount_centavos) for c in await reviews.open_cases(house.db)] == [("posting_manual", 20_000)]


async def test_money_given_back_ends_there(house: House) -> None:
    await late(house)
    await decided(house, Decision.RETURNED)
    assert [p.state for p in await house.payments.history("0048213")] == [State.RETURNED]
    await house.tell("order.paid", "ord_1")
    assert await reviews.open_cases(house.db) == []


async def test_the_second_payment_of_one_reference_is_a_case_and_posted_once(house: House) -> None:
    await house.ask()
    house.conekta.pay("ord_1")
    await house.tell("order.paid", "ord_1")
    payment = (await house.payments.history("0048213"))[0]
    twin = house.conekta.orders["ord_1"].__class__(
        **{**vars(house.conekta.orders["ord_1"]), "id": "ord_twin", "our_id": payment.id}
    )
    house.conekta.orders["ord_twin"] = twin
    await house.tell("order.paid", "ord_twin")
    assert [(c.reason, c.order_id) for c in await reviews.open_cases(house.db)] == [("paid_twice", "ord_twin")]
    await decided(house, Decision.ACCEPT)
    assert len(house.ledger.posted) == 2
    assert [c.kind for c in house.changes].count(Kind.PAID) == 1


@pytest.mark.parametrize(("decision", "tickets"), [(Decision.BOOKED, 2), (Decision.AGAIN, 3)])
async def test_a_posting_without_an_answer_is_settled_by_a_person(house: House, decision, tickets) -> None:
    await house.ask()
    house.conekta.pay("ord_1")
    house.ledger.error = UnknownOutcome("?")
    await house.tell("order.paid", "ord_1")
    house.ledger.error = None
    assert [c.reason for c in await reviews.open_cases(house.db)] == ["posting_unknown"] * len(BILLS)
    await decided(house, decision)
    assert len(house.ledger.tickets) == tickets
    assert len(await reviews.open_cases(house.db)) == 1


async def test_decisions_that_do_not_fit_are_refused(house: House) -> None:
    await late(house)
    case = (await reviews.open_cases(house.db))[0]
    with pytest.raises(ValueError, match="does not fit"):
        await reviews.decide(house.db, house.clock, case.id, Decision.BOOKED, "ana")
    with pytest.raises(ValueError, match="no open case"):
        await reviews.decide(house.db, house.clock, 999, Decision.ACCEPT, "ana")
    await decided(house, Decision.NOTHING)
    with pytest.raises(ValueError, match="no open case"):
        await reviews.decide(house.db, house.clock, case.id, Decision.ACCEPT, "ana")


async def test_the_command_lists_shows_and_closes(house: House) -> None:
    assert await reviews.run(house.db, house.clock, []) == "Nothing is open."
    await late(house)
    case = (await reviews.open_cases(house.db))[0]
    assert "late" in await reviews.run(house.db, house.clock, ["list"])
    shown = await reviews.run(house.db, house.clock, ["show", str(case.id)])
    assert "asked 486.00 MXN by cash" in shown
    assert "expired" in shown
    await reviews.run(house.db, house.clock, ["close", str(case.id), "returned", "--by", "ana"])
    await house.payments.sweep()
    assert [p.state for p in await house.payments.history("0048213")] == [State.RETURNED]


async def test_the_report_has_every_payment_of_the_day_and_is_written_once(house: House, tmp_path: Path) -> None:
    await house.ask("k1")
    house.clock.advance(seconds=1)
    await house.ask("k2", contact="c2", amount=10_000, bills=())
    house.conekta.pay("ord_1")
    house.conekta.pay("ord_2")
    await house.payments.sweep()
    today = house.clock.today()
    report = await daily(house.db, house.clock, today)
    lines = [line.split(",") for line in report.csv.splitlines()]
    assert [line[3:8] for line in lines[1:]] == [
        ["0048213", "cash", "486.00", "486.00", "paid"],
        ["0048213", "cash", "100.00", "100.00", "paid"],
    ]
    assert [line[11:] for line in lines[1:]] == [["posted posted", "0"], ["manual", "1"]]
    assert report.totals == {"paid": 2, "received_centavos": 58_600}
    assert (await daily(house.db, house.clock, today - timedelta(days=1))).csv.count("\n") == 1
    house.clock.advance(days=1)
    assert await write_yesterdays(house.db, house.clock, tmp_path)
    assert await write_yesterdays(house.db, house.clock, tmp_path) is None
    assert [p.name for p in tmp_path.glob("*.csv")] == [f"payments-{today}.csv"]
    assert next(tmp_path.glob("*.csv")).read_text(encoding="utf-8").splitlines() == report.csv.splitlines()


async def test_a_ledger_that_is_away_for_days_is_asked_again_and_posted_once(house: House) -> None:
    await house.ask()
    house.conekta.pay("ord_1")
    house.ledger.error = Unavailable("down")
    for _ in range(80):
        await house.payments.sweep()
        house.clock.advance(hours=1)
    house.ledger.error = None
    house.clock.advance(hours=1)
    await house.payments.sweep()
    assert sorted(reference for reference, _ in house.ledger.posted) == ["R1", "R2"]


async def test_what_arrived_is_known_by_its_bills_until_the_ledger_must_have_it(house: House) -> None:
    await house.ask()
    assert await house.payments.bills_paid("0048213") == frozenset()
    house.ledger.error = AquasisDown("down")
    house.conekta.pay("ord_1")
    await minutes(house, 5)
    assert await house.payments.bills_paid("0048213") == {(b.number, b.amount_centavos) for b in BILLS}
    assert await house.payments.bills_paid("0000001") == frozenset()
    house.clock.advance(days=11)
    assert await house.payments.bills_paid("0048213") == frozenset()


async def test_once_the_ledger_has_it_what_the_billing_system_lists_is_owed(house: House) -> None:
    await house.ask()
    house.conekta.pay("ord_1")
    await minutes(house, 1)
    assert len(house.ledger.posted) == len(BILLS)
    assert len(await house.payments.bills_paid("0048213")) == len(BILLS), "an older answer may still be cached"
    house.clock.advance(minutes=2)
    assert await house.payments.bills_paid("0048213") == frozenset()
