"""Check digits of what people type at a till or in their bank."""

from __future__ import annotations

import random

CLABE_WEIGHTS = (3, 7, 1)


def luhn(body: str) -> str:
    """`body` with its Luhn check digit; cash references carry one (payments.md 4)."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return f"{body}{-total % 10}"


def clabe(body: str) -> str:
    """The first 17 digits with the 18th (payments.md E)."""
    total = sum(int(d) * CLABE_WEIGHTS[i % 3] % 10 for i, d in enumerate(body))
    return f"{body}{-total % 10}"


def some(count: int) -> str:
    """So many random digits."""
    return "".join(random.choices("0123456789", k=count))
