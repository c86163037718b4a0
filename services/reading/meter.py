"""What a meter shows, on a photo of it. The citizen confirms the number; it is never taken for granted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.reading.ocr import Line, read_lines
from services.reading.picture import open_picture

REGISTER = re.compile(r"(\d{4,6})(?:[.,]\d{1,3})?(?:\s*m[3³]?)?", re.IGNORECASE)
SURE_ENOUGH = 0.85  # below it, asking is kinder than a wrong number to confirm


def read_meter(content: bytes, mime: str) -> int | None:
    """The register in whole m³, or None. Blocks for seconds: call it in a thread."""
    image = open_picture(content, mime)
    return register_in(read_lines(image, wheels=True)) if image else None


def register_in(lines: Sequence[Line]) -> int | None:
    """The tallest line that is nothing but a register's digits, of two readings of it the surer one.

    A serial number is longer, smaller or has a "No.".
    """
    found = [
        (line.height, line.sure, int(match[1]))
        for line in lines
        if line.sure >= SURE_ENOUGH and (match := REGISTER.fullmatch(line.text.replace(" ", "")))
    ]
    return max(found)[2] if found else None
