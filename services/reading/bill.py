"""The contract number on a photo of a bill. The barcode first; text where an OCR program is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from io import BytesIO

import zxingcpp
from PIL import Image, ImageOps

MOST_PIXELS = 40_000_000  # a phone's photo has up to 12 or 48 million; more is an image bomb
WIDEST = 2400
CONTRACT = re.compile(r"(?<!\d)(\d{6,10})(?!\d)")
LABELLED = re.compile(r"contrato\D{0,20}(\d{6,10})(?!\d)", re.IGNORECASE)


def read_contract(content: bytes, mime: str) -> str | None:
    """The number, or None when the picture shows none."""
    if not mime.startswith("image/"):
        return None
    image = _open(content)
    if image is None:
        return None
    return _from_barcode(image) or _from_text(image)


def _open(content: bytes) -> Image.Image | None:
    try:
        image = Image.open(BytesIO(content))
        if image.width * image.height > MOST_PIXELS:
            return None
        upright = ImageOps.exif_transpose(image) or image
        upright.thumbnail((WIDEST, WIDEST))
        return upright.convert("L")
    except (OSError, ValueError, Image.DecompressionBombError):
        return None


def _from_barcode(image: Image.Image) -> str | None:
    for code in zxingcpp.read_barcodes(image):
        if found := CONTRACT.fullmatch(code.text.strip()):
            return found[1]
    return None


def _from_text(image: Image.Image) -> str | None:
    """With tesseract, where the operator has installed it; without it a barcode is needed."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    out = BytesIO()
    ImageOps.autocontrast(image).save(out, format="PNG")
    run = subprocess.run(  # noqa: S603  # a fixed program, the picture goes in by standard input
        [program, "-", "-", "--psm", "6"], input=out.getvalue(), capture_output=True, timeout=20, check=False
    )
    found = LABELLED.search(run.stdout.decode("utf-8", "replace"))
    return found[1] if found else None
