"""A payment in words: amount, contract masked, which bills, when, its number. Nothing that says whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.identity.masking import mask_contract
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.payments.model import PaymentOrder


@dataclass(frozen=True)
class Summary:
    """Ready to be shown; what is not known is None."""

    amount: str
    contract: str
    bills: str | None
    folio: str
    paid_at: str | None


def summary(payment: PaymentOrder, formats: Formats, texts: Texts) -> Summary:
    """The payment as anybody who has the link may see it."""
    months = [formats.month(date.fromisoformat(f"{bill.month}-01")) for bill in payment.bills if bill.month]
    return Summary(
        amount=formats.money(Decimal(payment.received_centavos or payment.amount_centavos) / 100),
        contract=texts.get("contract_ending", ending=mask_contract(payment.contract)),
        bills=_listed(months, texts.get("and_word")) or None,
        folio=payment.confirmation,
        paid_at=formats.moment(payment.paid_at) if payment.paid_at else None,
    )


def _listed(words: list[str], last: str) -> str:
    """`a, b y c`."""
    return f" {last} ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)
