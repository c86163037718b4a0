"""The picture a citizen shows at the till: Code 128, the grouped reference, amount and date in big letters.

The bars hold exactly the reference (payments.md, last section). All words come from the caller. zxing-cpp makes
the bars: python-barcode 0.16 loses a leading "99".
"""

from __future__ import annotations

import io
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image, ImageDraw, ImageFont

WIDTH, MARGIN = 1080, 60
BAR_HEIGHT, GAP = 300, 26
INK, PAPER = 0, 255
BIGGEST, SMALLEST = 92, 32

Font = ImageFont.FreeTypeFont
Line = tuple[str, Font]


def draw(reference: str, above: list[str], below: list[str]) -> bytes:
    """A PNG, 1080 wide and well under 100 KB.

    Args:
        reference: what is scanned; it also stands under the bars in groups of four.
        above: lines over the bars, the first one (the amount) as large as fits.
        below: lines under the reference (where and until when), wrapped at words.
    """
    grouped = " ".join(reference[i : i + 4] for i in range(0, len(reference), 4))
    head = [_fitted(text, BIGGEST if place == 0 else 48) for place, text in enumerate(above)]
    foot = [_fitted(grouped, 72), *(line for text in below for line in _wrapped(text, _font(44)))]
    text_height = sum(int(font.size) + GAP for _, font in (*head, *foot))
    image = Image.new("L", (WIDTH, 2 * MARGIN + text_height + BAR_HEIGHT + GAP), PAPER)
    canvas = ImageDraw.Draw(image)
    top = _write(canvas, MARGIN, head)
    _bars(canvas, top, reference)
    _write(canvas, top + BAR_HEIGHT + GAP, foot)
    out = io.BytesIO()
    image.quantize(16).save(out, "PNG", optimize=True)
    return out.getvalue()


def _bars(canvas: ImageDraw.ImageDraw, top: int, reference: str) -> None:
    """As wide as whole pixels allow, with at least ten modules of quiet zone on either side."""
    code = zxingcpp.create_barcode(reference, zxingcpp.BarcodeFormat.Code128)
    drawn: Any = code.to_image(scale=1, add_quiet_zones=False)
    pixels = memoryview(drawn)
    modules = pixels.tobytes()[: (pixels.shape or (0, 0))[1]]  # the topmost row
    unit = max(2, WIDTH // (len(modules) + 20))
    left = (WIDTH - unit * len(modules)) // 2
    for place, module in enumerate(modules):
        if module == INK:
            x = left + place * unit
            canvas.rectangle((x, top, x + unit - 1, top + BAR_HEIGHT), fill=INK)


def _write(canvas: ImageDraw.ImageDraw, top: int, lines: list[Line]) -> int:
    for text, font in lines:
        canvas.text((WIDTH / 2, top), text, font=font, fill=INK, anchor="ma")
        top += int(font.size) + GAP
    return top


def _fitted(text: str, size: int) -> Line:
    """In the largest size up to `size` at which it fits."""
    while size > SMALLEST and not _fits(text, _font(size)):
        size -= 4
    return text, _font(size)


def _wrapped(text: str, font: Font) -> list[Line]:
    """In as many lines as it takes."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if _fits(longer, font):
            lines[-1] = longer
        else:
            lines.append(word)
    return [(line, font) for line in lines if line]


def _fits(text: str, font: Font) -> bool:
    return font.getlength(text) <= WIDTH - 2 * MARGIN


@cache
def _font(size: int) -> Font:
    return ImageFont.truetype(str(_font_file()), size)


@cache
def _font_file() -> Path:
    """DejaVu Sans Bold, which matplotlib carries; found without importing it."""
    spec = find_spec("matplotlib")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("matplotlib, which carries the font, is not installed")
    return Path(spec.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf" / "DejaVuSans-Bold.ttf"
