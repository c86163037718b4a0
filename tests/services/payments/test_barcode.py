"""The till picture is small, readable by a scanner and by a person."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image

from services.payments.barcode import WIDTH, draw
from services.payments.clabe import check_digit, is_clabe

ABOVE, BELOW = ["$1,204.50"], ["7-Eleven, Farmacias del Ahorro y más", "Sirve hasta el sábado 12 de diciembre"]


@pytest.mark.parametrize("reference", ["93001234567890", "10001140326893401915", "0001", "9" * 30, "99012345678903"])
def test_a_scanner_reads_exactly_the_reference(reference: str) -> None:
    picture = draw(reference, ABOVE, BELOW)
    found = zxingcpp.read_barcode(Image.open(io.BytesIO(picture)).convert("L"))
    assert found is not None
    assert found.text == reference
    assert found.format == zxingcpp.BarcodeFormat.Code128
    assert len(picture) < 100_000


def test_it_still_reads_after_whatsapp_made_it_a_small_jpeg() -> None:
    image = Image.open(io.BytesIO(draw("10001140326893401915", ABOVE, BELOW))).convert("L")
    squeezed = io.BytesIO()
    image.resize((image.width * 2 // 3, image.height * 2 // 3)).save(squeezed, "JPEG", quality=40)
    assert zxingcpp.read_barcode(Image.open(squeezed)).text == "10001140326893401915"


def test_long_lines_are_wrapped_instead_of_cut() -> None:
    stores = "7-Eleven, Farmacias del Ahorro, Circle K, Extra, Soriana, Farmacias Benavides y Waldo's"
    image = Image.open(io.BytesIO(draw("9" * 20, ["$200,000.00 exactos a pagar en la caja"], [stores]))).convert("L")
    assert image.width == WIDTH
    edges = [image.getpixel((x, y)) for x in (0, WIDTH - 1) for y in range(image.height)]
    assert set(edges) == {255}


@pytest.mark.parametrize("clabe", ["646180111805034237", "734180008033435128", "646180111802000138"])
def test_known_clabes_are_right_and_their_neighbours_wrong(clabe: str) -> None:
    assert is_clabe(clabe)
    assert check_digit(clabe[:17]) == clabe[17]
    assert not is_clabe(clabe[:17] + str((int(clabe[17]) + 1) % 10))
    assert not is_clabe(clabe[:10] + str((int(clabe[10]) + 1) % 10) + clabe[11:])


@pytest.mark.parametrize("text", ["", "64618011180503423", "64618011180503423a", "٦٤٦١٨٠١١١٨٠٥٠٣٤٢٣٧"])
def test_what_is_no_clabe(text: str) -> None:
    assert not is_clabe(text)
