"""A payment as the facts of its receipt, in the words of `data/texts.yml`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from services.clock import Clock
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.payments.model import Method, PaymentOrder
from services.receipts.document import Page, render


class Paper:
    """Makes the PDF of a payment that has arrived."""

    def __init__(self, clock: Clock, formats: Formats, texts: Texts, *, invoices: bool = False) -> None:
        self._clock, self._formats, self._texts = clock, formats, texts
        self._not_cfdi = "receipt_not_cfdi_ask" if invoices else "receipt_not_cfdi"

    def filename(self, payment: PaymentOrder) -> str:
        """`comprobante-2026-11-24-7QK2M-8XW4T.pdf`."""
        day = self._clock.local(payment.paid_at).date()
        return f"comprobante-{day}-{payment.confirmation}.pdf"

    def pdf(self, payment: PaymentOrder) -> bytes:
        """One page. It says itself that it is no CFDI (identity_cfdi.md D3)."""
        return render(self._page(payment))

    def _page(self, payment: PaymentOrder) -> Page:
        texts = self._texts
        notes = [texts.get(self._not_cfdi), texts.get("receipt_keep")]
        amount = self._formats.money(Decimal(payment.counted_centavos) / 100)
        return Page(texts.get("beneficiary"), texts.get("receipt_title"), amount, self._facts(payment), notes)

    def _facts(self, payment: PaymentOrder) -> list[tuple[str, str]]:
        labels, paid = self._texts.table("receipt_labels"), self._clock.local(payment.paid_at)
        found = [
            ("contract", payment.contract),
            ("bills", self._bills(payment)),
            ("paid", self._texts.get("receipt_moment", day=self._formats.day(paid.date()), hour=f"{paid:%H:%M}")),
            ("method", self._texts.table("payment_methods")[payment.method.value]),
            ("card", payment.card),
            ("clabe" if payment.method is Method.SPEI else "reference", _grouped(payment.reference)),
            ("tracking" if payment.method is Method.SPEI else "authorisation", payment.proof),
            ("confirmation", payment.confirmation),
            ("order", payment.order_id),
        ]
        return [(labels[name], value) for name, value in found if value]

    def _bills(self, payment: PaymentOrder) -> str:
        """`septiembre ($448.50), octubre ($51.50)`."""
        shares = [
            f"{self._formats.month(date.fromisoformat(f'{share.month}-01'))} "
            f"({self._formats.money(Decimal(share.amount_centavos) / 100)})"
            for share in payment.bills
            if share.month
        ]
        return ", ".join(shares)


def _grouped(reference: str | None) -> str:
    text = reference or ""
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))
