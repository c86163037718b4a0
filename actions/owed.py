"""What a contract owes: without what has just been paid here, and which bills an amount is for."""

from __future__ import annotations

from decimal import Decimal

from actions.base import Conversation
from services.aquasis.model import Bill
from services.billing.service import Balance, still_owed
from services.payments.model import BillShare, centavos

BILL = "bill"


async def owed(talk: Conversation, contract: str) -> Balance:
    """As Aquasis says, but nobody is asked for a bill that has just been paid here and is not booked there yet."""
    balance = await talk.services.billing.balance(contract)
    return balance.without(await talk.services.payments.bills_paid(contract))


async def debt_left(talk: Conversation, contract: str) -> tuple[Decimal, tuple[Bill, ...]]:
    """Just the sum and its bills, which one cached call to Aquasis knows."""
    debt = await talk.services.aquasis.debt(contract)
    return still_owed(debt.total, debt.bills, await talk.services.payments.bills_paid(contract))


def shares(bills: tuple[Bill, ...], amount: int, first: str | None = None) -> list[BillShare]:
    """Which bills an amount covers: the one that was named, then the oldest; the last one perhaps in part."""
    covered: list[BillShare] = []
    for bill in sorted(bills, key=lambda b: (b.number != first, b.month)):
        part = min(centavos(bill.amount), amount)
        if part > 0:
            covered.append(BillShare(bill.number, part, bill.payment_reference, f"{bill.month:%Y-%m}"))
            amount -= part
    return covered


def named_bill(choice: object) -> str | None:
    """The bill's number where a button names one (`bill 2026110000455123`)."""
    word, _, number = str(choice or "").partition(" ")
    return number if word == BILL else None
