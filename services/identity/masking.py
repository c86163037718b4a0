"""Contacts as they may be shown: enough to recognise, too little to learn."""

from __future__ import annotations

DOT = "•"


def mask_phone(phone: str) -> str:
    """The last two digits."""
    return phone[-2:]


def mask_email(email: str) -> str:
    """`r•••@gmail.com`."""
    name, _, host = email.partition("@")
    return f"{name[:1]}{DOT * 3}@{host}"


def mask_contract(contract: str) -> str:
    """The last four digits."""
    return contract[-4:]
