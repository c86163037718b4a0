"""Photos a citizen might take, drawn: a leak in the street, a water meter, a shop's receipt, a sticker."""

from __future__ import annotations

import io
import math
import random
from importlib import resources

from PIL import Image, ImageDraw, ImageFilter, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def font(size: int) -> Font:
    """DejaVu Sans from the matplotlib wheel: it has accents, which Pillow's own face lacks."""
    face = resources.files("matplotlib") / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
    with resources.as_file(face) as path:
        return ImageFont.truetype(path, size)


def as_jpeg(image: Image.Image, *, blur: float = 0.6, grain: int = 10) -> bytes:
    """Make a drawing look photographed: a little soft, grainy and darker in the corners."""
    rng = random.Random(7)
    image = image.convert("RGB").filter(ImageFilter.GaussianBlur(blur))
    noise = Image.effect_noise((image.width // 2, image.height // 2), grain * 2.0).resize(image.size)
    image = Image.blend(image, Image.merge("RGB", (noise, noise, noise)), 0.06)
    shade = Image.new("L", image.size, 190)
    pen = ImageDraw.Draw(shade)
    for step in range(18):
        inset = step * min(image.size) // 60
        pen.rounded_rectangle((inset, inset, image.width - inset, image.height - inset), 60, fill=190 + step * 65 // 18)
    shade = shade.filter(ImageFilter.GaussianBlur(30))
    dark = Image.new("RGB", image.size, (12, 14, 18))
    out = io.BytesIO()
    Image.composite(image, dark, shade).save(out, "JPEG", quality=85 + rng.randint(0, 2))
    return out.getvalue()


def leak(_contract: str) -> bytes:
    """Water that wells up between cobbles at a kerb."""
    rng = random.Random(3)
    image = Image.new("RGB", (900, 1200), (118, 114, 108))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 900, 330), fill=(176, 168, 154))
    pen.rectangle((0, 330, 900, 372), fill=(206, 200, 188))
    pen.rectangle((0, 372, 900, 396), fill=(92, 88, 84))
    for row in range(13):
        height = 44 + row * 4
        y: float = 396 + row * (44 + row * 2)
        for column in range(-1, 10):
            x: float = column * 112 + (row % 2) * 56 + rng.randint(-5, 5)
            tone = rng.randint(-16, 16)
            pen.rounded_rectangle((x, y, x + 104, y + height), 16, fill=(124 + tone, 118 + tone, 110 + tone))
    water = Image.new("L", image.size, 0)
    stream = ImageDraw.Draw(water)
    for step in range(70):
        y = 520 + step * 10
        wide = 90 + step * 4 + 26 * math.sin(step / 4)
        x = 450 + 70 * math.sin(step / 13)
        stream.ellipse((x - wide, y - 34, x + wide, y + 34), fill=165)
    water = water.filter(ImageFilter.GaussianBlur(9))
    image.paste(Image.new("RGB", image.size, (62, 84, 98)), mask=water)
    _splash(image, rng)
    return as_jpeg(image, blur=1.0)


def _splash(image: Image.Image, rng: random.Random) -> None:
    glints = Image.new("RGBA", image.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(glints)
    for radius in (150, 112, 78, 46):
        box = (450 - radius, 530 - radius // 3, 450 + radius, 530 + radius // 3)
        pen.ellipse(box, outline=(226, 238, 244, 150), width=5)
    for _ in range(90):
        x, y, size = rng.gauss(450, 46), 520 - abs(rng.gauss(0, 70)), rng.uniform(2, 8)
        pen.ellipse((x - size, y - size, x + size, y + size), fill=(236, 245, 250, rng.randint(90, 210)))
    for _ in range(130):
        y = rng.uniform(560, 1180)
        x = 450 + rng.uniform(-1, 1) * (60 + (y - 520) / 3)
        pen.line((x, y, x + rng.uniform(20, 70), y + rng.uniform(-5, 5)), fill=(214, 230, 238, 100), width=3)
    image.paste(glints.filter(ImageFilter.GaussianBlur(1.4)), mask=glints.getchannel("A"))


def meter(contract: str, shown: int) -> bytes:
    """A brass water meter that shows so many m³; the rest follows from the contract and is the same each time."""
    reading = f"{shown:05d}"
    image = Image.new("RGB", (1000, 1000), (86, 78, 66))
    pen = ImageDraw.Draw(image)
    rng = random.Random(5)
    for _ in range(900):
        x, y, r = rng.randint(0, 1000), rng.randint(0, 1000), rng.randint(4, 22)
        tone = rng.randint(-18, 18)
        pen.ellipse((x, y, x + r, y + r * 0.7), fill=(92 + tone, 84 + tone, 70 + tone))
    pen.rectangle((0, 430, 1000, 590), fill=(120, 96, 52))
    pen.rectangle((0, 452, 1000, 500), fill=(168, 138, 82))
    pen.ellipse((150, 150, 850, 850), fill=(134, 106, 56))
    pen.ellipse((180, 180, 820, 820), fill=(184, 152, 90))
    pen.ellipse((220, 220, 780, 780), fill=(246, 245, 238))
    pen.text((500, 300), "AGUA FRÍA", font=font(34), fill=(70, 70, 72), anchor="mm")
    for place, digit in enumerate(reading):
        x = 305 + place * 76
        pen.rounded_rectangle((x, 400, x + 68, 500), 8, fill=(24, 24, 26))
        pen.text((x + 34, 450), digit, font=font(72), fill=(250, 250, 246), anchor="mm")
    pen.text((720, 450), "m³", font=font(40), fill=(40, 40, 42), anchor="mm")
    for place, (x, y) in enumerate(((370, 640), (500, 690), (630, 640))):
        pen.ellipse((x - 52, y - 52, x + 52, y + 52), outline=(180, 40, 40), width=4)
        angle = place * 2 + int(contract) % 6
        pen.line((x, y, x + 40 * math.cos(angle), y + 40 * math.sin(angle)), fill=(190, 30, 30), width=7)
    pen.text((500, 570), f"No. {int(contract) * 7 % 10**8:08d}", font=font(28), fill=(90, 90, 92), anchor="mm")
    return as_jpeg(image.rotate(-3, fillcolor=(86, 78, 66)), blur=0.8)


def ticket(contract: str) -> bytes:
    """A shop's receipt for a payment in cash, on a table."""
    paper = Image.new("RGB", (560, 900), (250, 248, 242))
    pen = ImageDraw.Draw(paper)
    rows = (
        ("TIENDA LA ESQUINA", 38), ("Suc. Centro, Querétaro", 26), ("- " * 18, 26), ("PAGO DE SERVICIO", 32),
        ("CEA QUERÉTARO", 32), ("Referencia", 24), ("9300 0000 1234 56", 34), (f"Contrato {contract}", 26),
        ("- " * 18, 26), ("TOTAL        $486.00", 40), ("EFECTIVO     $500.00", 28), ("CAMBIO        $14.00", 28),
        ("- " * 18, 26), ("Folio 004871", 26), ("Gracias por su pago", 26),
    )  # fmt: skip
    top = 50
    for words, size in rows:
        pen.text((280, top), words, font=font(size), fill=(52, 52, 58), anchor="mt")
        top += size + 22
    table = Image.new("RGB", (900, 1200), (128, 88, 58))
    grain = ImageDraw.Draw(table)
    for line in range(0, 1200, 9):
        tone = int(9 * math.sin(line / 23)) + line % 7
        grain.line((0, line, 900, line + 14), fill=(124 + tone, 84 + tone, 54 + tone), width=6)
    turned = paper.convert("RGBA").rotate(4, expand=True, resample=Image.Resampling.BICUBIC)
    shadow = Image.new("RGBA", turned.size, (0, 0, 0, 120))
    table.paste(shadow, (176, 146), turned.getchannel("A").filter(ImageFilter.GaussianBlur(12)))
    table.paste(turned, (160, 128), turned)
    return as_jpeg(table)


def sticker(_contract: str) -> bytes:
    """A smiling drop, 512 × 512 WebP; drawn at twice the size for smooth edges."""
    image = Image.new("RGBA", (1024, 1024), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    for grow, colour in ((30, (255, 255, 255, 255)), (0, (46, 150, 214, 255))):
        pen.ellipse((232 - grow, 380 - grow, 792 + grow, 940 + grow), fill=colour)
        pen.polygon([(512, 70 - grow * 2), (272 - grow, 512), (752 + grow, 512)], fill=colour)
    pen.ellipse((320, 560, 440, 760), fill=(140, 206, 244, 255))
    for x in (420, 604):
        pen.ellipse((x - 30, 580, x + 30, 652), fill=(16, 42, 66, 255))
    pen.arc((412, 620, 612, 800), 20, 160, fill=(16, 42, 66, 255), width=24)
    out = io.BytesIO()
    image.resize((512, 512), Image.Resampling.LANCZOS).save(out, "WEBP", quality=85)
    return out.getvalue()
