"""Numbers on photos: a bill's barcode, a bill's print where the barcode is torn off, a meter."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from sandbox.phone import scenes
from sandbox.phone.bill import bill
from services.reading.bill import contract_in, read_contract
from services.reading.meter import read_meter, register_in
from services.reading.ocr import Line

JPEG = "image/jpeg"


def without_barcode(photo: bytes) -> bytes:
    """The lower third of a bill, where its barcode is, covered by a hand."""
    image = Image.open(BytesIO(photo))
    ImageDraw.Draw(image).rectangle((0, image.height * 0.7, image.width, image.height), fill=(200, 170, 150))
    out = BytesIO()
    image.save(out, format="JPEG", quality=70)
    return out.getvalue()


def as_jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, format="JPEG")
    return out.getvalue()


def test_the_barcode_of_a_bill_is_read() -> None:
    assert read_contract(bill("0052087"), JPEG) == "0052087"


def test_its_print_is_read_where_there_is_no_barcode() -> None:
    assert read_contract(without_barcode(bill("0052087")), JPEG) == "0052087"


@pytest.mark.parametrize("shown", [1623, 12345])
def test_a_meter_is_read(shown: int) -> None:
    assert read_meter(scenes.meter("455123", shown), JPEG) == shown


def test_a_photo_of_something_else_shows_no_contract() -> None:
    assert read_contract(scenes.leak(""), JPEG) is None


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_what_is_no_picture_is_nothing(content: bytes) -> None:
    assert read_contract(content, JPEG) is None
    assert read_meter(content, JPEG) is None


def test_an_image_bomb_is_not_opened() -> None:
    assert read_meter(as_jpeg(Image.new("L", (9000, 9000))), JPEG) is None


def line(text: str, x: float, y: float, height: float = 20, sure: float = 0.9) -> Line:
    return Line(text, x, y, height, sure)


def test_the_number_by_its_label_is_the_contract_not_a_phone_nor_an_amount() -> None:
    print_ = [
        line("Contrato", 100, 100),
        line("0052087", 110, 130),
        line("Tel 4421234567", 600, 400),
        line("$123456.00", 110, 160),
    ]
    assert contract_in(print_) == "0052087"
    assert contract_in([line("No. de contrato: 455123", 50, 50), line("998877", 50, 300)]) == "455123"
    assert contract_in([line("Tel 4421234567", 600, 400)]) is None


def test_the_register_is_the_tall_number_not_the_serial() -> None:
    dial = [line("00623", 400, 200, 90), line("No.03185861", 400, 300, 25), line("2019", 400, 350, 15)]
    assert register_in(dial) == 623
    assert register_in([line("00623.418 m3", 400, 200)]) == 623
    assert register_in([line("00623", 1, 1, 90, sure=0.86), line("01623", 1, 1, 90, sure=0.99)]) == 1623
    assert register_in([line("AGUA FRIA", 1, 1)]) is None
    assert register_in([line("00623", 1, 1, sure=0.7)]) is None
