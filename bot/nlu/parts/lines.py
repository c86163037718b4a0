"""The lines of a burst, each a message of its own. Pure."""

from __future__ import annotations

from bot.nlu.parts.place import LONGEST, Place, is_tap, trim

ENDS = 8  # lines read from each end of a message; a burst has no more (`channels/turns/steps.py`)


def lines(text: str) -> list[Place]:
    """The places of the lines; none where there is only one."""
    if "\n" not in text or is_tap(text):
        return []
    places, start = [], 0
    for line in text.split("\n"):
        if line.strip() and len(line) <= LONGEST:
            places.append(trim(text, start, start + len(line)))
        start += len(line) + 1
    ends = places if len(places) <= 2 * ENDS else [*places[:ENDS], *places[-ENDS:]]
    return ends if len(ends) > 1 else []
