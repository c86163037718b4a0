"""What a Graph API error code means for us (whatsapp.md section 6). Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Verdict(StrEnum):
    """What to do with a message that was not taken."""

    RETRY = "retry"  # clearly refused, may be sent again
    THROTTLE = "throttle"  # the number or this contact is too fast
    UNKNOWN = "unknown"  # it may have gone: look for its status first
    REUPLOAD = "reupload"  # the file must be given again
    WINDOW = "window"  # 24 hours are over: only a template may go
    FINAL = "final"  # never
    ALARM = "alarm"  # never, and nothing else will go either until a person acts


PAIR_LIMIT = 131056
RETRY = frozenset({131057, 2494100})
UNCLEAR = frozenset({1, 2, 131000, 131016, 133004})
THROTTLE = frozenset({4, 80007, 130429, PAIR_LIMIT, 133016})
ALARM = frozenset({0, 3, 10, 33, 190, 368, 130497, 131005, 131031, 131037, 131042, 131044, 131045, 133010})


def verdict(code: int, status: int = 400) -> Verdict:
    """The class of an error. A 5xx without a clear code may have been sent all the same."""
    if code == 131047:
        return Verdict.WINDOW
    if code == 131053:
        return Verdict.REUPLOAD
    if code in ALARM or 200 <= code <= 299:
        return Verdict.ALARM
    if code in THROTTLE or status == 429:
        return Verdict.THROTTLE
    if code in RETRY:
        return Verdict.RETRY
    if code in UNCLEAR or status >= 500:
        return Verdict.UNKNOWN
    return Verdict.FINAL


def wait(code: int, attempts: int) -> timedelta:
    """How long before the next try: 4^n seconds for one contact (section 6), else doubling up to two minutes."""
    if code == PAIR_LIMIT:
        return timedelta(seconds=4 ** min(attempts, 3))
    if code in (131057, 2494100):
        return timedelta(seconds=90)
    if code in (4, 80007):
        return timedelta(minutes=2)
    return timedelta(seconds=min(2**attempts, 120))


def may_come_again(code: int) -> bool:
    """Whether a message that failed later (by a status) may be sent once more."""
    return verdict(code) in (Verdict.RETRY, Verdict.THROTTLE, Verdict.UNKNOWN)
