"""What the request makes of a bare number, and of "los dos recibos". Pure.

In a reading a number is the reading, in a payment the amount; who asks for bills means one of each contract.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.nlu.entities.found import Found

READING, AMOUNT, NUMBER = "reading_m3", "amount", "number"
READS, ASKS_BILLS = "meter_reading", "bill_request"
BILLS, WHICH, PERIOD = "bills", "which", "period"
PAYS = {"payment_reference": 32, "payment_confirmation": 32, "balance_inquiry": 32, "consumption_check": 100}
LONGEST_READING, LONGEST_AMOUNT = 6, 5  # digits


def by_intent(found: Sequence[Found], intent: str | None) -> list[Found]:
    """The entities, with what the intent makes of bare numbers and of "los dos recibos".

    `PAYS` has the least that is money: below it a number is a day of the month, a count, or cubic metres.
    """
    found = _bills(found, intent)
    if intent == READS:
        return [*_without_sums(found), *_reading(found)]
    if intent in PAYS and not (intent == "consumption_check" and any(f.entity == READING for f in found)):
        return [*found, *_amounts(found, PAYS[intent])]
    return found


def _bills(found: Sequence[Found], intent: str | None) -> list[Found]:
    """Those of "los dos recibos" are one of each contract where bills are asked for and no months are named."""
    others = [f for f in found if f.entity != BILLS]
    if intent != ASKS_BILLS or any(f.entity in (PERIOD, WHICH) for f in others):
        return others
    return others + [replace(f, entity=WHICH) for f in found if f.entity == BILLS][:1]


def _without_sums(found: Sequence[Found]) -> list[Found]:
    """Who reads a meter aloud says no amount: "dice dos mil quinientos diez"."""
    spans = {(f.start, f.end) for f in found if f.entity == NUMBER}
    return [f for f in found if f.entity != AMOUNT or (f.start, f.end) not in spans]


def _reading(found: Sequence[Found]) -> Iterator[Found]:
    """The first of the shortest numbers, where no reading was found: an account is longer than a reading."""
    if any(f.entity == READING for f in found):
        return
    numbers = [f for f in found if f.entity == NUMBER and f.value.isdigit() and 2 <= len(f.value) <= LONGEST_READING]
    if numbers:
        best = min(numbers, key=lambda f: len(f.value) == LONGEST_READING)
        yield Found(READING, best.value, best.start, best.end)


def _amounts(found: Sequence[Found], least: int) -> Iterator[Found]:
    taken = [f for f in found if f.entity in (AMOUNT, READING)]
    for f in found:
        plain = f.entity == NUMBER and f.value.isdigit() and not f.value.startswith("0")
        if not plain or len(f.value) > LONGEST_AMOUNT or int(f.value) < least or _is_year(f.value):
            continue
        if not any(f.overlaps(other.start, other.end) for other in taken):
            yield Found(AMOUNT, f"{int(f.value)}.00", f.start, f.end)


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and 2000 <= int(digits) < 2040
