"""When a burst may be answered: people write one thought as several messages (docs/adr/0003-bursts.md). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.messaging.inbound import Inbound, Kind

SHORT_WORDS = 4  # fewer than this, and more may follow
LONGER_TEXT = timedelta(seconds=0.25)
LONGEST_WAIT = timedelta(seconds=3)


def wait_after(message: Inbound, burst: timedelta) -> timedelta:
    """How long to listen after a message before answering it.

    A few words without a figure may be only the beginning; a sentence or a number seldom is; a sentence with a
    figure, a tap, a place or a file says all at once.
    """
    if message.kind is not Kind.TEXT or not message.text:
        return timedelta()
    is_short, has_figure = len(message.text.split()) < SHORT_WORDS, any(c.isdigit() for c in message.text)
    if is_short and not has_figure:
        return burst
    return min(LONGER_TEXT, burst) if is_short or not has_figure else timedelta()


def longest(now: datetime, wait: timedelta) -> datetime:
    """The earliest beginning of a burst that may still wait; one that began before is answered at once."""
    return now + wait - LONGEST_WAIT
