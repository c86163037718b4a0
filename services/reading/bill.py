"""The contract number on a photo of a bill: the barcode first, else the print."""

from __future__ import annotations

import re
from collections.abc import Sequence

import zxingcpp
from PIL import Image

from services.reading.ocr import Line, read_lines
from services.reading.picture import open_picture

CONTRACT = re.compile(r"(?<![\d.,])(\d{6,10})(?![\d.,])")
LABEL = re.compile(r"contrato|cuenta", re.IGNORECASE)


def read_contract(content: bytes, mime: str) -> str | None:
    """The number, or None when the picture shows none. Blocks for seconds: call it in a thread."""
    image = open_picture(content, mime)
    if image is None:
        return None
    return _from_barcode(image) or contract_in(read_lines(image))


def _from_barcode(image: Image.Image) -> str | None:
    for code in zxingcpp.read_barcodes(image):
        if found := CONTRACT.fullmatch(code.text.strip()):
            return found[1]
    return None


def contract_in(lines: Sequence[Line]) -> str | None:
    """The number nearest to the word for it; a number far from any such word is somebody else's."""
    numbers = [(line, number) for line in lines for number in CONTRACT.findall(line.text)]
    labels = [line for line in lines if LABEL.search(line.text)]
    near = [
        (abs(line.y - label.y) + abs(line.x - label.x), number)
        for line, number in numbers
        for label in labels
        if line.y >= label.y - label.height and line.y - label.y <= 4 * label.height
    ]
    return min(near)[1] if near else None
