"""The words on a picture and where they stand, read by RapidOCR in a process of its own.

The models come inside the library's wheel and run offline. The process takes about 500 MB while it reads and gives
them back; one picture at a time, so that photos of many citizens cannot fill a small machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from io import BytesIO

import structlog
from PIL import Image

log = structlog.get_logger(__name__)

WIDEST = 1280  # pixels: a bill's print stays readable, and reading takes a second or two
SECONDS = 45.0
_one_at_a_time = threading.Semaphore(1)


@dataclass(frozen=True)
class Line:
    """One line of print: its centre and height in pixels of the picture that was read, and how sure (0..1)."""

    text: str
    x: float
    y: float
    height: float
    sure: float


def read_lines(image: Image.Image) -> list[Line]:
    """Top to bottom; none where nothing can be read or the reader fails. Blocks for seconds: call it in a thread."""
    small = image.copy()
    small.thumbnail((WIDEST, WIDEST))
    out = BytesIO()
    small.save(out, format="PNG")
    command = [sys.executable, "-m", "services.reading.ocr"]
    try:
        with _one_at_a_time:
            run = subprocess.run(  # noqa: S603  # our own module, the picture goes in by standard input
                command, input=out.getvalue(), capture_output=True, timeout=SECONDS, check=True
            )
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("ocr_failed", error=type(error).__name__)
        return []
    return sorted((Line(**row) for row in json.loads(run.stdout)), key=lambda line: line.y)


def _read(content: bytes) -> list[Line]:
    from rapidocr_onnxruntime import RapidOCR  # slow to import, and only wanted in the process of its own

    found, _ = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)(content)
    return [_line(corners, text, float(sure)) for corners, text, sure in found or []]


def _line(corners: list[list[float]], text: str, sure: float) -> Line:
    across, down = [x for x, _ in corners], [y for _, y in corners]
    return Line(text, sum(across) / 4, sum(down) / 4, max(down) - min(down), sure)


if __name__ == "__main__":
    sys.stdout.write(json.dumps([asdict(line) for line in _read(sys.stdin.buffer.read())]))
