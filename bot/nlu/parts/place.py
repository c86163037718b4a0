"""Places in a text. Pure."""

from __future__ import annotations

Place = tuple[int, int]  # start and end, as in text[start:end]
LONGEST = 400  # characters; a longer text is a story, and reading it twice takes time


def is_tap(text: str) -> bool:
    """Whether it is a tap ("/intent"), which nobody wrote."""
    return text.startswith("/")


def trim(text: str, start: int, end: int) -> Place:
    """The place without the blanks around it."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())
