"""A PDF's first page as a picture, for phones that open no PDF."""

from __future__ import annotations

from io import BytesIO

import pypdfium2

WIDTH = 1000  # pixels: readable on a small screen, under 100 KB


def first_page(content: bytes) -> bytes | None:
    """PNG bytes, or None when it is no PDF that can be drawn."""
    try:
        document = pypdfium2.PdfDocument(content)
        page = document[0]
        image = page.render(scale=WIDTH / page.get_width()).to_pil().convert("P", palette=1, colors=32)
    except (pypdfium2.PdfiumError, IndexError, ValueError):
        return None
    out = BytesIO()
    image.save(out, format="PNG", optimize=True)
    return out.getvalue()
