"""Why a card was refused, from the gateway's codes (payments.md 9: match on a part of the code)."""

from __future__ import annotations

from enum import StrEnum


class Decline(StrEnum):
    """What a citizen can do something about; `DECLINED` is everything the bank does not explain."""

    FUNDS = "funds"
    AUTHENTICATION = "authentication"
    SUSPICIOUS = "suspicious"
    EXPIRED = "expired"
    NUMBER = "number"
    CODE = "code"
    ABROAD = "abroad"
    DECLINED = "declined"


PARTS = (
    ("insufficient_funds", Decline.FUNDS),
    ("3ds", Decline.AUTHENTICATION),
    ("suspicious", Decline.SUSPICIOUS),
    ("fraud", Decline.SUSPICIOUS),
    ("expir", Decline.EXPIRED),
    ("cvc", Decline.CODE),
    ("number", Decline.NUMBER),
    ("international", Decline.ABROAD),
)


def decline(code: str) -> Decline:
    """The reason behind a code, with or without its `conekta.errors.` in front."""
    return next((reason for part, reason in PARTS if part in code.lower()), Decline.DECLINED)
