"""When a burst may be answered: people write one thought as several messages (docs/adr/0003-bursts.md). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.messaging.inbound import Inbound, Kind

SHORT_WORDS = 4  # fewer than this, and more may follow
LONGER_TEXT = timedelta(seconds=0.25)
LONGEST_WAIT = timedelta(seconds=3)


def wait_after(message: Inbound, burst: timedelta) -> timedelta:
    """How long to listen after a message before answering it.

    A few words without a figure may be only the beginning; a sentence or a number seldom is, and a tap, a
    place or a file says all at once.
    """
    if message.kind is not Kind.TEXT or not message.text:
        return timedelta()
    words = message.text.split()
    if len(words) < SHORT_WORDS and not any(c.isdigit() for c in message.text):
        return burst
    return min(LONGER_TEXT, burst)


def longest(now: datetime, wait: timedelta) -> datetime:
    """The earliest beginning of a burst that may still wait; one that began before is answered at once."""
    return now + wait - LONGEST_WAIT
