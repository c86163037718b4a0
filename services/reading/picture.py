"""A citizen's photo, opened with care."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

MOST_PIXELS = 50_000_000  # a phone's camera has fewer; more is an image bomb
WIDEST = 2400


def open_picture(content: bytes, mime: str) -> Image.Image | None:
    """Upright, grey and at most `WIDEST` pixels wide; None for what is no picture or too big to open."""
    if not mime.startswith("image/"):
        return None
    try:
        image = Image.open(BytesIO(content))
        if image.width * image.height > MOST_PIXELS:
            return None
        upright = ImageOps.exif_transpose(image) or image
        upright.thumbnail((WIDEST, WIDEST))
        return upright.convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
