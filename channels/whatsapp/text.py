"""Text within WhatsApp's limits: length in UTF-16 units, splitting, cutting, marks (whatsapp.md section 4). Pure."""

from __future__ import annotations

import re

ELLIPSIS = "…"
BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
URL = re.compile(r"https?://\S+")
# Where a long text may be cut, best first: between paragraphs, lines, sentences, words.
SEAMS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])\s+"), re.compile(r"\s+"))
LINE_BREAKS = re.compile(r"[\n\t\r]| {4,}")


def units(text: str) -> int:
    """Length in UTF-16 units; an emoji counts two. Safe whichever unit Meta counts."""
    return len(text) + sum(1 for c in text if ord(c) > 0xFFFF)


def take(text: str, most: int) -> str:
    """The longest beginning of at most `most` units that tears no character apart."""
    if len(text) <= most and units(text) <= most:
        return text
    end = used = 0
    for character in text:
        used += 2 if ord(character) > 0xFFFF else 1
        if used > most:
            break
        end += 1
    return text[:end].rstrip("\u200d\ufe0f")


def shorten(text: str, most: int) -> str:
    """Cut with an ellipsis."""
    text = text.strip()
    return text if units(text) <= most else take(text, most - 1).rstrip() + ELLIPSIS


def whatsapp_marks(text: str) -> str:
    """`**x**` is shown as typed; WhatsApp's bold has one star."""
    return BOLD.sub(r"*\1*", text)


def split(text: str, most: int) -> list[str]:
    """Pieces of at most `most` units, cut at the best seam and never inside a URL that fits by itself."""
    pieces = []
    rest = text.strip()
    while units(rest) > most:
        end = _cut(rest, most)
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [piece for piece in (*pieces, rest) if piece]


def _cut(text: str, most: int) -> int:
    """Where the first piece ends; at least one character."""
    room = len(take(text, most))
    window = text[:room]
    for seam in SEAMS:
        ends = [found.start() for found in seam.finditer(window) if found.start() >= room // 2]
        if ends:
            return ends[-1]
    spaces = [found.start() for found in SEAMS[-1].finditer(window) if found.start() > 0]
    return spaces[-1] if spaces else max(1, room)


def one_line(text: str) -> str:
    """A template's parameter: no line breaks, tabs or long runs of spaces."""
    return " ".join(LINE_BREAKS.sub(" ", text).split()) or "-"
