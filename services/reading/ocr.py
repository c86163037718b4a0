"""The words on a picture and where they stand, read by RapidOCR in a process of its own.

The models come inside the library's wheel and run offline. The process takes about 500 MB while it reads and gives
them back; one picture at a time, so that photos of many citizens cannot fill a small machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import unicodedata
from dataclasses import asdict, dataclass
from io import BytesIO

import structlog
from PIL import Image, ImageDraw, ImageFilter, ImageOps

log = structlog.get_logger(__name__)

WIDEST = 1280  # pixels: a bill's print stays readable, and reading takes a second or two
SECONDS = 45.0
FEW_DIGITS = 3
BRIGHT = 120  # of 255
_one_at_a_time = threading.Semaphore(1)


@dataclass(frozen=True)
class Line:
    """One line of print: its centre and height in pixels of the picture that was read, and how sure (0..1)."""

    text: str
    x: float
    y: float
    height: float
    sure: float


def read_lines(image: Image.Image, *, wheels: bool = False) -> list[Line]:
    """Top to bottom; none where nothing can be read or the reader fails. Blocks for seconds: call it in a thread.

    Args:
        image: any size.
        wheels: read numbers a second time as bright digits on dark wheels, a line more for each.
    """
    small = image.copy()
    small.thumbnail((WIDEST, WIDEST))
    out = BytesIO()
    small.save(out, format="PNG")
    command = [sys.executable, "-m", "services.reading.ocr", *(["--wheels"] if wheels else [])]
    try:
        with _one_at_a_time:
            run = subprocess.run(  # noqa: S603  # our own module, the picture goes in by standard input
                command, input=out.getvalue(), capture_output=True, timeout=SECONDS, check=True
            )
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("ocr_failed", error=type(error).__name__)
        return []
    return sorted((Line(**row) for row in json.loads(run.stdout)), key=lambda line: line.y)


def _read(picture: Image.Image, *, wheels: bool) -> list[Line]:
    import numpy as np
    from rapidocr_onnxruntime import RapidOCR  # slow to import, and only wanted in the process of its own

    reader = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)
    found, _ = reader(np.asarray(picture.convert("RGB")))
    lines = [_line(corners, text, float(sure)) for corners, text, sure in found or []]
    if not wheels:
        return lines
    again = []
    for corners, text, _ in found or []:
        if sum(c.isdigit() for c in text) >= FEW_DIGITS:
            plain = np.asarray(digits_alone(picture, corners).convert("RGB"))
            [(text, sure)], _ = reader(plain, use_det=False, use_cls=False)
            again.append(_line(corners, text, float(sure)))
    return lines + again


def digits_alone(picture: Image.Image, corners: list[list[float]]) -> Image.Image:
    """The bright digits of a meter's dark wheels as black print on white.

    Around each digit stands its dark window, which a reader of print takes for part of it ("1" becomes "0"). What is
    bright and hangs together with the edge is the dial; what is bright inside the dark is a digit.
    """
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    top, bottom = min(y for _, y in corners), max(y for _, y in corners)
    height = bottom - top
    sides, ends = height * 0.35, height * 0.15
    around = (int(left - sides), int(top - ends), int(right + sides), int(bottom + ends))
    grey = picture.convert("L").crop(around)
    black = ImageOps.expand(grey.point(lambda light: 255 if light > BRIGHT else 0), border=4, fill=255)
    ImageDraw.floodfill(black, (0, 0), 0)
    return ImageOps.expand(ImageOps.invert(black), border=20, fill=255).filter(ImageFilter.GaussianBlur(1.2))


def _line(corners: list[list[float]], text: str, sure: float) -> Line:
    across, down = [x for x, _ in corners], [y for _, y in corners]
    return Line(unicodedata.normalize("NFKC", text), sum(across) / 4, sum(down) / 4, max(down) - min(down), sure)


if __name__ == "__main__":
    given = Image.open(BytesIO(sys.stdin.buffer.read()))
    sys.stdout.write(json.dumps([asdict(line) for line in _read(given, wheels="--wheels" in sys.argv)]))
