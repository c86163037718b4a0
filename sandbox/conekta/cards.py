"""Cards that can be tried at the hosted page, and how each ends (payments.md 5 and 9).

4242…4242, …2701, …1091, …0127 and …0002 are Conekta's own test numbers; the others are this sandbox's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sandbox.conekta.digits import luhn


class Ending(StrEnum):
    """What the bank says to a card."""

    PAID = "paid"
    CHALLENGE = "challenge"
    DECLINED = "declined"


@dataclass(frozen=True)
class Refusal:
    """Conekta's code (without `conekta.errors.`), the charge's `failure_code` and what the payer reads."""

    code: str
    failure_code: str
    message: str


FUNDS = Refusal("processing.bank.insufficient_funds", "insufficient_funds", "La tarjeta no tiene fondos suficientes.")
DECLINED = Refusal("processing.bank.declined", "card_declined", "La tarjeta fue declinada por el banco.")
FRAUD = Refusal(
    "processing.charge.card_payment.suspicious_behaviour",
    "suspected_fraud",
    "El cargo se declinó porque parece sospechoso.",
)
NOT_AUTHENTICATED = Refusal(
    "processing.charge.card_payment.declined_by_3ds", "declined_by_3ds", "El banco no confirmó a quien paga."
)
ABROAD = Refusal(
    "parameter_validation.charge.international_card_not_allowed",
    "international_card_not_allowed",
    "No se aceptan tarjetas de otro país.",
)

# number → (ending, refusal, what the page says about it)
KNOWN: dict[str, tuple[Ending, Refusal | None, str]] = {
    "4242424242424242": (Ending.PAID, None, "pasa"),
    "4000000000002701": (Ending.PAID, None, "pasa, el banco confirma sin preguntar"),
    "4000000000001091": (Ending.CHALLENGE, None, "el banco pide confirmar (3-D Secure)"),
    "4000000000000127": (Ending.DECLINED, FUNDS, "sin saldo"),
    "4000000000000002": (Ending.DECLINED, DECLINED, "rechazada"),
    "4000000000000069": (Ending.DECLINED, FRAUD, "sospechosa"),
    "4000000000000101": (Ending.DECLINED, ABROAD, "de otro país"),
}


@dataclass(frozen=True)
class Card:
    """What was typed. Test numbers only: the sandbox is no place for a real card."""

    number: str
    name: str
    month: int
    year: int
    cvc: str

    @property
    def brand(self) -> str:
        """By its first digit."""
        return {"4": "visa", "5": "mastercard", "3": "american_express"}.get(self.number[:1], "visa")


def fault(card: Card, year: int, month: int) -> str | None:
    """The code with which tokenising it fails (without `conekta.errors.`), or None."""
    number = card.number
    if not number.isdigit() or not 13 <= len(number) <= 19 or luhn(number[:-1]) != number:
        return "parameter_validation.card.number"
    if not card.cvc.isdigit() or len(card.cvc) not in (3, 4):
        return "parameter_validation.card.cvc"
    if not 1 <= card.month <= 12 or (card.year, card.month) < (year, month):
        return "parameter_validation.expiration_date.expired"
    if len(card.name.split()) < 2:
        return "parameter_validation.card.name"
    return None


def ending(card: Card) -> tuple[Ending, Refusal | None]:
    """How the bank answers; a number that is not listed is declined."""
    found = KNOWN.get(card.number)
    return (found[0], found[1]) if found else (Ending.DECLINED, DECLINED)
