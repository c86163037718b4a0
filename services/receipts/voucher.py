"""What is shown at a till: a picture to hold out, and the same as a PDF to print or pass on."""

from __future__ import annotations

import io
from decimal import Decimal

from PIL import Image

from services.clock import Clock
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.payments.barcode import draw
from services.payments.model import CashReference

SHOWN_STORES = 3
DOTS_PER_INCH = 150


class Vouchers:
    """Draws vouchers; slow enough (some 50 ms) to be called in a thread."""

    def __init__(self, clock: Clock, formats: Formats, texts: Texts) -> None:
        self._clock, self._formats, self._texts = clock, formats, texts

    def stores(self, reference: CashReference) -> str:
        """Where it can be paid, as the gateway says; with the agreement's number where a bank wants one."""
        names = ", ".join(reference.stores[:SHOWN_STORES]) or self._texts.get("a_store")
        if reference.agreement:
            return self._texts.get("stores_agreement", stores=names, agreement=reference.agreement)
        return names

    def png(self, reference: CashReference) -> bytes:
        """Amount, bars, the reference in groups, the last day and the stores."""
        amount = self._formats.money(Decimal(reference.amount_centavos) / 100)
        until = self._formats.day(self._clock.local(reference.expires_at).date())
        above = [self._texts.get("voucher_pay", amount=amount)]
        return draw(reference.reference, above, [self._texts.get("voucher_until", day=until), self.stores(reference)])

    def pdf(self, reference: CashReference) -> bytes:
        """The picture as a page of its own size, so that it prints sharp."""
        out = io.BytesIO()
        picture = Image.open(io.BytesIO(self.png(reference))).convert("L")
        picture.save(out, "PDF", resolution=DOTS_PER_INCH, title=self._texts.get("voucher_title"))
        return out.getvalue()
