"""The picture a citizen shows at the till: Code 128, the grouped reference, amount and date in big letters.

The bars hold exactly the reference (payments.md, last section). All words come from the caller.
"""

from __future__ import annotations

import io
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from barcode import Code128
from PIL import Image, ImageDraw, ImageFont

WIDTH, MARGIN = 1080, 60
BAR_HEIGHT, LINE_GAP = 300, 26
INK, PAPER = 0, 255
BIGGEST, SMALLEST = 92, 28


def draw(reference: str, above: list[str], below: list[str]) -> bytes:
    """A PNG, 1080 wide and well under 100 KB.

    Args:
        reference: what is scanned; it also stands under the bars in groups of four.
        above: lines over the bars, the first one (the amount) as large as fits.
        below: lines under the reference (where and until when).
    """
    grouped = " ".join(reference[i : i + 4] for i in range(0, len(reference), 4))
    head = [_fit(text, BIGGEST if place == 0 else 48) for place, text in enumerate(above)]
    foot = [_fit(grouped, 72), *(_fit(text, 44) for text in below)]
    height = 2 * MARGIN + BAR_HEIGHT + sum(font.size + LINE_GAP for font in (*head, *foot)) + LINE_GAP
    image = Image.new("L", (WIDTH, int(height)), PAPER)
    canvas = ImageDraw.Draw(image)
    top = _lines(canvas, MARGIN, list(zip(above, head, strict=True)))
    _bars(canvas, top, reference)
    _lines(canvas, top + BAR_HEIGHT + LINE_GAP, list(zip([grouped, *below], foot, strict=True)))
    out = io.BytesIO()
    image.quantize(16).save(out, "PNG", optimize=True)
    return out.getvalue()


def _bars(canvas: ImageDraw.ImageDraw, top: float, reference: str) -> None:
    """As wide as whole pixels allow, with at least ten modules of quiet zone."""
    modules = Code128(reference).build()[0]
    unit = max(2, WIDTH // (len(modules) + 20))
    left = (WIDTH - unit * len(modules)) // 2
    for place, module in enumerate(modules):
        if module == "1":
            x = left + place * unit
            canvas.rectangle((x, top, x + unit - 1, top + BAR_HEIGHT), fill=INK)


def _lines(canvas: ImageDraw.ImageDraw, top: float, lines: list[tuple[str, ImageFont.FreeTypeFont]]) -> float:
    for text, font in lines:
        canvas.text((WIDTH / 2, top), text, font=font, fill=INK, anchor="ma")
        top += font.size + LINE_GAP
    return top


def _fit(text: str, size: int) -> ImageFont.FreeTypeFont:
    """The largest size up to `size` at which the line fits."""
    while size > SMALLEST and _font(size).getlength(text) > WIDTH - 2 * MARGIN:
        size -= 4
    return _font(size)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_font_file()), size)


@cache
def _font_file() -> Path:
    """DejaVu Sans Bold, which matplotlib carries; found without importing it."""
    spec = find_spec("matplotlib")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("matplotlib, which carries the font, is not installed")
    return Path(spec.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf" / "DejaVuSans-Bold.ttf"
