"""Balances follow from the data, the clock and what was paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sandbox.aquasis.bills import Bill
from sandbox.aquasis.ledger import (
    ALREADY_PAID,
    BOOKED,
    NO_SUCH_REFERENCE,
    WRONG_AMOUNT,
    Ledger,
    whole_debt_reference,
)
from sandbox.data import Account

DAY = 86_400


def account(books: Ledger, contract: str) -> Account:
    found = books.account(contract)
    assert found
    return found


def owed(books: Ledger, contract: str) -> list[tuple[Bill, Decimal]]:
    return books.unpaid(account(books, contract))


def test_a_bill_falls_due_as_time_passes_and_keeps_its_number(books: Ledger) -> None:
    [(before, _)] = owed(books, "455123")
    assert before.due == date(2026, 12, 6)
    books.world.clock.advance_seconds(5 * DAY)
    [(after, _)] = owed(books, "455123")
    assert after == before
    books.world.clock.advance_seconds(10 * DAY)
    assert owed(books, "455123")[0][0].due < books.today()


def test_a_month_later_there_is_another_bill(books: Ledger) -> None:
    books.world.clock.advance_seconds(8 * DAY)  # 2 December: not read yet
    assert len(owed(books, "455123")) == 1
    books.world.clock.advance_seconds(DAY)
    newest = owed(books, "455123")[-1][0]
    assert (newest.month, newest.issued, newest.due) == (date(2026, 11, 1), date(2026, 12, 3), date(2026, 12, 21))
    a_year_before = next(u for u in books.usage(account(books, "455123")) if u.month == date(2025, 11, 1))
    assert newest.usage.water == a_year_before.water


def test_no_bill_is_issued_in_the_future_nor_paid_before_it_was_issued(books: Ledger) -> None:
    for one in books.world.data.content.accounts:
        for bill in books.bills(one):
            assert bill.issued <= books.today()
            assert bill.paid_on is None or bill.paid_on < books.today()


def test_a_payment_in_part_lowers_the_bill_and_the_rest_settles_it(books: Ledger) -> None:
    [(bill, whole)] = owed(books, "455123")
    assert books.pay(bill.reference, Decimal("100")) == BOOKED
    assert books.debt(account(books, "455123")) == whole - 100
    assert books.pay(bill.reference, whole) == WRONG_AMOUNT
    assert books.pay(bill.reference, None) == BOOKED
    assert books.debt(account(books, "455123")) == 0
    assert books.pay(bill.reference, whole) == ALREADY_PAID


def test_the_whole_debt_is_laid_on_the_oldest_bills_first(books: Ledger) -> None:
    debtor = account(books, "0039925")
    first, second = owed(books, "0039925")[:2]
    assert books.pay(whole_debt_reference(debtor), first[1] + 1) == BOOKED
    assert owed(books, "0039925")[0] == (second[0], second[1] - 1)


def test_paying_one_bill_twice_does_not_pay_another(books: Ledger) -> None:
    first = owed(books, "0061177")[0][0]
    assert books.pay(first.reference, first.amount) == BOOKED
    assert books.pay(first.reference, first.amount) == ALREADY_PAID
    assert len(owed(books, "0061177")) == 1


@pytest.mark.parametrize("reference", ["", "123", "99999999990000", "00004551239999", "0000455123261", "x" * 14])
def test_a_reference_that_was_never_given_out(books: Ledger, reference: str) -> None:
    assert books.pay(reference, Decimal(1)) == NO_SUCH_REFERENCE


@pytest.mark.parametrize("amount", ["0", "-1", "100000"])
def test_amounts_that_cannot_be(books: Ledger, amount: str) -> None:
    assert books.pay(owed(books, "455123")[0][0].reference, Decimal(amount)) == WRONG_AMOUNT


def test_money_in_favour(books: Ledger) -> None:
    assert books.debt(account(books, "613204")) == -150
    assert books.debt(account(books, "685445")) == Decimal("0.45")
    assert books.pay(owed(books, "685445")[0][0].reference, Decimal("0.45")) == BOOKED
    assert books.debt(account(books, "685445")) == 0


def test_water_comes_back_a_day_after_the_debt_is_paid(books: Ledger) -> None:
    debtor = account(books, "0039925")
    assert books.is_cut(debtor) == "debt"
    books.pay(whole_debt_reference(debtor), None)
    assert books.is_cut(debtor) == "debt"
    books.world.clock.advance_seconds(DAY)
    assert books.is_cut(debtor) is None


def test_reset_brings_everything_back(books: Ledger) -> None:
    debtor = account(books, "455123")
    before = books.debt(debtor)
    books.pay(whole_debt_reference(debtor), None)
    books.new_order(455123, 32, "")
    books.changed(debtor).email = "x@example.mx"
    books.world.clock.advance_seconds(40 * DAY)
    books.world.reset()
    assert books.debt(debtor) == before
    assert not books.orders
    assert books.changed(debtor).email is None
