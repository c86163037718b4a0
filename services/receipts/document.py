"""The payment receipt: one letter page of facts, drawn with ReportLab. All words come from the caller."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.colors import Color, HexColor, black
from reportlab.lib.pagesizes import letter
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = letter
MARGIN, LEADING = 64, 15
INK, SOFT, RULE = black, HexColor("#555555"), HexColor("#C8D4DC")
BAND = HexColor("#0B5C8A")
BOLD, PLAIN = "Helvetica-Bold", "Helvetica"


@dataclass(frozen=True)
class Page:
    """What stands on the page, from top to bottom. `facts` are (label, value)."""

    issuer: str
    title: str
    amount: str
    facts: Sequence[tuple[str, str]]
    notes: Sequence[str]


def render(page: Page) -> bytes:
    """A PDF of one page, a few kilobytes; its title is the page's, and it says who made it."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=letter, invariant=True)
    canvas.setTitle(page.title)
    canvas.setAuthor(page.issuer)
    top = _head(canvas, page)
    for label, value in page.facts:
        top = _fact(canvas, top, label, value)
    top -= LEADING
    for note in page.notes:
        top = _text(canvas, top, note, PLAIN, 10, SOFT) - 4
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _head(canvas: Canvas, page: Page) -> float:
    canvas.setFillColor(BAND)
    canvas.rect(0, HEIGHT - 84, WIDTH, 84, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#FFFFFF"))
    canvas.setFont(BOLD, 20)
    canvas.drawString(MARGIN, HEIGHT - 52, page.issuer)
    top = _text(canvas, HEIGHT - 130, page.title, BOLD, 17, INK)
    return _text(canvas, top - 18, page.amount, BOLD, 32, BAND) - 14


def _fact(canvas: Canvas, top: float, label: str, value: str) -> float:
    canvas.setFillColor(SOFT)
    canvas.setFont(PLAIN, 11)
    canvas.drawString(MARGIN, top, label)
    canvas.setFillColor(INK)
    for line in simpleSplit(value, BOLD, 11, WIDTH - 2 * MARGIN - 170):
        canvas.setFont(BOLD, 11)
        canvas.drawString(MARGIN + 170, top, line)
        top -= LEADING
    canvas.setStrokeColor(RULE)
    canvas.line(MARGIN, top + 7, WIDTH - MARGIN, top + 7)
    return top - 9


def _text(canvas: Canvas, top: float, text: str, font: str, size: int, color: Color) -> float:
    canvas.setFillColor(color)
    canvas.setFont(font, size)
    for line in simpleSplit(text, font, size, WIDTH - 2 * MARGIN):
        canvas.drawString(MARGIN, top, line)
        top -= size * 1.3
    return top
