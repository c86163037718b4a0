"""Work on what is due, one thing after another, so that one that goes wrong does not keep the others waiting."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import structlog

from services.errors import ServiceError

log = structlog.get_logger(__name__)
T = TypeVar("T")


async def each(job: str, things: Iterable[T], work: Callable[[T], Awaitable[object]]) -> bool:
    """Call `work` for every thing; whether all went well.

    A `ServiceError` (a system is down) only means the next round; anything else is a fault of ours and logged.
    """
    done = [await attempt(job, work, thing) for thing in things]
    return all(done)


async def attempt(job: str, work: Callable[[T], Awaitable[object]], thing: T) -> bool:
    """Whether it went well."""
    try:
        await work(thing)
    except ServiceError:
        return False
    except Exception as error:
        log.error("one_failed", job=job, error=type(error).__name__, exc_info=True)
        return False
    return True
