"""Phone numbers as WhatsApp, people and the billing system write them. Pure."""

from __future__ import annotations

import re

MEXICO = "52"


def normalise_phone(written: str) -> str:
    """Digits with the country code; `521` + 10 digits, `52` + 10 and 10 alone are one number.

    Webhooks carry `521` + 10 digits where people write `52` + 10 (whatsapp.md section 4).
    """
    digits = re.sub(r"\D", "", written)
    if len(digits) == 13 and digits.startswith("521"):
        return MEXICO + digits[3:]
    return MEXICO + digits if len(digits) == 10 else digits


def local_phone(written: str) -> str | None:
    """The ten digits by which the billing system knows a phone; None for another country's.

    A foreign number that ends in the same ten digits is another person, so it must never match.
    """
    phone = normalise_phone(written)
    return phone[2:] if len(phone) == 12 and phone.startswith(MEXICO) else None
