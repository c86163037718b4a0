"""A bill as PDF: one page, with what a household's bill shows. The layout is ours."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

from reportlab.graphics.barcode import code128
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import letter
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from sandbox.aquasis.bills import Bill
from sandbox.aquasis.usage import Usage, add_months, meter
from sandbox.data import Account

BLUE, PALE, INK, GREY = HexColor("#0b5a8a"), HexColor("#e6f1f7"), HexColor("#1b2a33"), HexColor("#6b7a84")
MONTHS = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]
WIDTH, HEIGHT = letter
LEFT, RIGHT = 18 * mm, WIDTH - 18 * mm


def bill_pdf(account: Account, bill: Bill, months: list[Usage]) -> bytes:
    """The PDF's bytes, a few kilobytes."""
    out = BytesIO()
    page = Canvas(out, pagesize=letter)
    page.setTitle(f"Recibo de agua {MONTHS[bill.month.month - 1]} {bill.month.year}")
    _head(page, bill)
    _who(page, account)
    _lines(page, bill)
    _meter(page, account, bill)
    _chart(page, [u for u in months if u.month <= bill.month][-13:])
    _slip(page, account, bill)
    page.showPage()
    page.save()
    return out.getvalue()


def long_date(day: date) -> str:
    """11 de diciembre de 2026."""
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


def _text(
    page: Canvas, x: float, y: float, text: str, size: int = 10, bold: bool = False, colour: HexColor = INK
) -> None:
    page.setFillColor(colour)
    page.setFont("Helvetica-Bold" if bold else "Helvetica", size)
    page.drawString(x, y, text)


def _head(page: Canvas, bill: Bill) -> None:
    page.setFillColor(BLUE)
    page.rect(0, HEIGHT - 34 * mm, WIDTH, 34 * mm, stroke=0, fill=1)
    _text(page, LEFT, HEIGHT - 16 * mm, "CEA Querétaro", 20, True, HexColor("#ffffff"))
    _text(page, LEFT, HEIGHT - 24 * mm, "Recibo de agua · ejemplo de la caja de arena", 10, False, HexColor("#d5e8f3"))
    page.setFont("Helvetica-Bold", 15)
    page.setFillColor(HexColor("#ffffff"))
    page.drawRightString(RIGHT, HEIGHT - 16 * mm, f"{MONTHS[bill.month.month - 1].capitalize()} {bill.month.year}")
    page.setFont("Helvetica", 9)
    page.drawRightString(RIGHT, HEIGHT - 24 * mm, f"Recibo {bill.number}")


def _who(page: Canvas, account: Account) -> None:
    y = HEIGHT - 46 * mm
    for label, value, x in (
        ("Contrato", account.contract, LEFT),
        ("Titular", account.holder, LEFT + 45 * mm),
        ("Uso", account.use, LEFT + 120 * mm),
    ):
        _text(page, x, y, label, 8, colour=GREY)
        _text(page, x, y - 5 * mm, value, 11, True)
    _text(page, LEFT, y - 13 * mm, "Domicilio", 8, colour=GREY)
    _text(page, LEFT, y - 18 * mm, f"{account.street} {account.number}, {account.locality}, {account.municipality}")


def _lines(page: Canvas, bill: Bill) -> None:
    y = HEIGHT - 80 * mm
    _text(page, LEFT, y, "Qué se cobra", 12, True, BLUE)
    kind = "calculados" if bill.usage.estimated else "medidos"
    _text(page, LEFT, y - 7 * mm, f"Agua usada: {bill.usage.water} m³ {kind} ({bill.usage.water * 1000:,} litros)")
    y -= 15 * mm
    for name, pesos in bill.lines:
        _text(page, LEFT, y, name)
        page.drawRightString(LEFT + 80 * mm, y, f"${pesos:,.2f}")
        y -= 6 * mm
    page.setStrokeColor(BLUE)
    page.line(LEFT, y + 3 * mm, LEFT + 80 * mm, y + 3 * mm)
    _text(page, LEFT, y - 3 * mm, "Total", 13, True)
    page.drawRightString(LEFT + 80 * mm, y - 3 * mm, f"${bill.amount:,.2f}")
    page.setFillColor(PALE)
    page.roundRect(LEFT + 95 * mm, HEIGHT - 122 * mm, RIGHT - LEFT - 95 * mm, 36 * mm, 4 * mm, stroke=0, fill=1)
    _text(page, LEFT + 101 * mm, HEIGHT - 96 * mm, "Total a pagar", 10, colour=GREY)
    _text(page, LEFT + 101 * mm, HEIGHT - 106 * mm, f"${bill.amount:,.2f}", 24, True, BLUE)
    _text(page, LEFT + 101 * mm, HEIGHT - 116 * mm, f"Pague hasta el {long_date(bill.due)}", 9)


def _meter(page: Canvas, account: Account, bill: Bill) -> None:
    """The readings that the month's water is the difference of."""
    used = bill.usage
    end = add_months(used.month, 1) - timedelta(days=1)
    cells = (
        ("Medidor", meter(account)),
        ("Lectura anterior", f"{used.register - used.water:,} m³"),
        ("Lectura actual" if not used.estimated else "Lectura calculada", f"{used.register:,} m³"),
        ("Periodo", f"del 1 al {long_date(end)}"),
    )
    y, step = HEIGHT - 134 * mm, 38 * mm
    page.setStrokeColor(PALE)
    page.line(LEFT, y + 6 * mm, RIGHT, y + 6 * mm)
    for i, (label, value) in enumerate(cells):
        _text(page, LEFT + i * step, y, label, 8, colour=GREY)
        _text(page, LEFT + i * step, y - 5 * mm, value, 11, bold=True)


def _chart(page: Canvas, months: list[Usage]) -> None:
    base, left = HEIGHT - 200 * mm, LEFT
    _text(page, left, base + 48 * mm, "Agua de los últimos meses (m³)", 12, True, BLUE)
    top = max([u.water for u in months] + [1])
    step = (RIGHT - LEFT) / max(len(months), 1)
    for i, used in enumerate(months):
        x, height = left + i * step, 36 * mm * used.water / top
        page.setFillColor(
            BLUE if i == len(months) - 1 else HexColor("#9cc3da") if not used.estimated else HexColor("#d3dde3")
        )
        page.rect(x + step * 0.18, base, step * 0.64, height, stroke=0, fill=1)
        page.setFillColor(INK)
        page.setFont("Helvetica", 8)
        page.drawCentredString(x + step / 2, base + height + 1.5 * mm, str(used.water))
        page.setFillColor(GREY)
        page.drawCentredString(x + step / 2, base - 4 * mm, f"{MONTHS[used.month.month - 1][:3]} {used.month:%y}")


def _slip(page: Canvas, account: Account, bill: Bill) -> None:
    y = 40 * mm
    page.setDash(3, 3)
    page.setStrokeColor(GREY)
    page.line(LEFT, y + 20 * mm, RIGHT, y + 20 * mm)
    page.setDash()
    _text(page, LEFT, y + 12 * mm, "Para pagar en ventanilla", 10, True)
    _text(
        page, LEFT, y + 6 * mm, f"Contrato {account.contract}   ·   ${bill.amount:,.2f}   ·   {long_date(bill.due)}", 10
    )
    code128.Code128(account.contract, barHeight=16 * mm, barWidth=0.5 * mm).drawOn(page, LEFT - 4 * mm, y - 14 * mm)
    _text(page, LEFT + 2 * mm, y - 19 * mm, account.contract, 11, True)
