"""A photo of a water bill on a kitchen table; its barcode holds the contract number."""

from __future__ import annotations

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw

from sandbox.phone.scenes import as_jpeg, font

INK, BLUE, PALE = (34, 40, 46), (11, 90, 138), (226, 239, 246)
USED = (13, 14, 15, 14, 16, 15, 17, 16, 15, 14, 15, 16)


def bill(contract: str) -> bytes:
    """A JPEG of 1100 × 1400."""
    paper = Image.new("RGB", (820, 1120), (252, 252, 249))
    pen = ImageDraw.Draw(paper)
    pen.rectangle((0, 0, 820, 130), fill=BLUE)
    pen.text((40, 40), "CEA QUERÉTARO", font=font(44), fill="white")
    pen.text((40, 94), "Recibo de agua", font=font(24), fill=PALE)
    pen.text((780, 66), "NOVIEMBRE", font=font(28), fill="white", anchor="rm")
    _boxes(pen, contract)
    _columns(pen)
    made = zxingcpp.create_barcode(contract, zxingcpp.BarcodeFormat.Code128)
    bars = Image.fromarray(np.array(zxingcpp.write_barcode_to_image(made, scale=4))).convert("RGB")
    paper.paste(bars.resize((bars.width, 150)), ((820 - bars.width) // 2, 900))
    pen.text((410, 1074), contract, font=font(28), fill=INK, anchor="mm")
    table = Image.new("RGB", (1100, 1400), (96, 112, 104))
    cloth = ImageDraw.Draw(table)
    for step in range(0, 2600, 70):
        cloth.line((step - 1400, 0, step, 1400), fill=(104, 121, 112), width=24)
        cloth.line((step, 0, step - 1400, 1400), fill=(90, 105, 98), width=10)
    turned = paper.convert("RGBA").rotate(-2.5, expand=True, resample=Image.Resampling.BICUBIC)
    table.paste((28, 34, 32), (146, 138), turned.getchannel("A").point(lambda a: a // 2))
    table.paste(turned, (130, 118), turned)
    return as_jpeg(table)


def _boxes(pen: ImageDraw.ImageDraw, contract: str) -> None:
    facts = (
        ("Contrato", contract),
        ("Uso", "Doméstico"),
        ("Consumo", "16 m³"),
        ("Pague antes del", "11 dic"),
    )
    for place, (label, value) in enumerate(facts):
        x, y = 40 + place % 2 * 380, 165 + place // 2 * 130
        pen.rounded_rectangle((x, y, x + 360, y + 112), 12, fill=PALE)
        pen.text((x + 22, y + 16), label, font=font(22), fill=(90, 106, 116))
        pen.text((x + 22, y + 50), value, font=font(38), fill=INK)
    pen.rounded_rectangle((40, 430, 780, 550), 12, outline=BLUE, width=4)
    pen.text((66, 490), "TOTAL A PAGAR", font=font(32), fill=BLUE, anchor="lm")
    pen.text((756, 490), "$486.00", font=font(52), fill=INK, anchor="rm")


def _columns(pen: ImageDraw.ImageDraw) -> None:
    pen.text((40, 585), "Su consumo de los últimos doce meses (m³)", font=font(22), fill=(90, 106, 116))
    for place, used in enumerate(USED):
        x = 48 + place * 61
        pen.rectangle((x, 850 - used * 12, x + 40, 850), fill=BLUE if place == len(USED) - 1 else (150, 190, 212))
    pen.line((40, 850, 780, 850), fill=(150, 160, 166), width=3)
