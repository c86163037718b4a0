"""The errors a service may raise. Adapters translate their libraries' errors into these at their edge.

    ServiceError              base: retryable?, response key to show
    ├── Unavailable           the other side is down, slow or broken; try later
    │   └── UnknownOutcome    a write left and no answer came: never repeat blindly
    ├── Refused               the other side understood and said no; repeating is useless
    ├── NotFound              what was asked for does not exist
    ├── BadInput              what the citizen gave cannot be right
    └── NotAllowed            evidence, limits or locks forbid it

`response` is a key of `data/responses/`, never a text.
"""

from __future__ import annotations

from typing import Any


class ServiceError(Exception):
    """Base of all. `facts` fill the response's blanks; they must not hold personal data."""

    retryable = False
    response = "utter_trouble"

    def __init__(self, detail: str = "", *, response: str | None = None, **facts: Any) -> None:
        super().__init__(detail or type(self).__name__)
        self.response = response or type(self).response
        self.facts = facts


class Unavailable(ServiceError):
    """The other side is down, slow or broken."""

    retryable = True


class UnknownOutcome(Unavailable):
    """A write may or may not have happened; look it up before doing anything again."""

    retryable = False


class Refused(ServiceError):
    """The other side said no."""


class NotFound(ServiceError):
    """It does not exist."""


class BadInput(ServiceError):
    """It cannot be right."""


class NotAllowed(ServiceError):
    """Evidence, a limit or a lock forbids it."""
