"""What all of Aquasis' answers share: arrays, result codes, money, dates and months as the wire writes them. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from services.aquasis.errors import AquasisRefused, ContractNotFound

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "ENE JAN",
            "FEB",
            "MAR",
            "ABR APR",
            "MAY",
            "JUN",
            "JUL",
            "AGO AUG",
            "SEP SET",
            "OCT",
            "NOV",
            "DIC DEC",
        ),
        1,
    )
    for name in names.split()
}
NO_SUCH_CONTRACT = -501  # 3.8: the debt service's code, with "no existe" in its description


def items(array: Any, child: str) -> list[Any]:
    """The members of an array: an empty wrapper parses as None, a nil one as [] (1.1 rule 12)."""
    if array is None:
        return []
    if isinstance(array, list):
        return array
    return list(getattr(array, child, None) or [])


def check(*results: Any) -> None:
    """Raise unless every status that is present says 0 (1.3).

    Raises:
        ContractNotFound: -501.
        AquasisRefused: any other code.
    """
    for result in results:
        code = getattr(result, "codigoError", None) if result is not None else None
        if code in (None, "", 0, "0"):
            continue
        if int(code) == NO_SUCH_CONTRACT:
            raise ContractNotFound
        raise AquasisRefused(f"codigoError {code}")


def money(value: Any) -> Decimal:
    """Pesos with two decimals; nothing counts as zero."""
    try:
        return Decimal(str(value or 0)).quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise AquasisRefused("an amount that is none") from error


def day(value: Any) -> date | None:
    """A date from what the five services write: dateTime, ISO text or dd/mm/yyyy (open question 6.4)."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or value is None:
        return value
    text = str(value).strip()
    if found := re.match(r"(\d{4})-(\d{2})-(\d{2})", text):
        year, month, dayno = map(int, found.groups())
    elif found := re.match(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", text):
        dayno, month, year = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, dayno)
    except ValueError:
        return None


def month(year: Any, period: Any, fallback: date | None = None) -> date | None:
    """The first day of a period: `1..12`, or `<JUN> - <JUN>` still escaped or not (1.1 rule 14)."""
    text = str(period or "").replace("&lt;", "<").replace("&gt;", ">").upper()
    number = int(text) if text.isdigit() else None
    if number is None:
        named = [MONTHS[m[:3]] for m in re.findall(r"[A-ZÁÉÍÓÚ]{3,}", text) if m[:3] in MONTHS]
        number = named[-1] if named else None
    if year and number and 1 <= number <= 12:
        return date(int(year), number, 1)
    return fallback.replace(day=1) if fallback else None


def phone(value: Any) -> str | None:
    """Ten digits, or nothing."""
    digits = re.sub(r"\D", "", str(value or ""))
    return digits[-10:] if len(digits) >= 10 else None
