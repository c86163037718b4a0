"""Picture and PDF of a till reference are both read by a scanner, and both say until when."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from services.bootstrap import DATA
from services.clock import FixedClock
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.payments.model import CashReference, confirmation
from services.receipts.voucher import Vouchers

NOON = datetime(2026, 12, 7, 18, 0, tzinfo=UTC)
UNTIL = datetime(2026, 12, 11, 5, 59, 59, tzinfo=UTC)


def vouchers() -> Vouchers:
    clock, texts = FixedClock(NOON), Texts(DATA / "texts.yml")
    return Vouchers(clock, Formats(clock, texts), texts)


def cash(reference: str, stores: tuple[str, ...], agreement: str | None = None) -> CashReference:
    return CashReference("p1", "0048213", 48_600, UNTIL, reference, stores, "cash_in", agreement)


CASES = [("93001234567890", ("OXXO",)), ("10001140326893401915", ("7-Eleven", "Farmacias del Ahorro", "Circle K"))]


@pytest.mark.parametrize(("reference", "stores"), CASES)
def test_a_scanner_reads_picture_and_paper(reference: str, stores: tuple[str, ...]) -> None:
    made = vouchers()
    picture = Image.open(io.BytesIO(made.png(cash(reference, stores))))
    assert zxingcpp.read_barcode(picture.convert("L")).text == reference
    document = pypdfium2.PdfDocument(made.pdf(cash(reference, stores)))
    assert len(document) == 1
    printed = document[0].render(scale=1.5).to_pil()
    assert zxingcpp.read_barcode(printed.convert("L")).text == reference


def test_stores_come_from_the_gateway_and_a_banks_agreement_is_named() -> None:
    assert vouchers().stores(cash("1", ("OXXO",))) == "OXXO"
    assert vouchers().stores(cash("1", ("BBVA ATM",), "2409992")) == "BBVA ATM, convenio 2409992"
    assert vouchers().stores(cash("1", ())) == "tienda"


def test_a_confirmation_is_short_and_has_no_letters_that_look_like_digits() -> None:
    found = confirmation("f" * 32), confirmation("0" * 32), confirmation("0123456789abcdef0123456789abcdef")
    assert found[:2] == ("ZZZZZ-ZZZZZ", "00000-00000")
    assert len({*found}) == 3
    assert not set("".join(found)) & set("ILOU")
