"""A circuit breaker: after some failures in a row nobody waits for a dead system; one call tries again."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from services.errors import ServiceError

T = TypeVar("T")


@dataclass
class Breaker:
    """Opens after `failures` in a row, lets one probe through after `rest_seconds`.

    Kept in the process: each process finds out for itself within `failures` calls, and a shared state would
    make a Redis hiccup look like a dead billing system.
    """

    failures: int = 4
    rest_seconds: float = 15.0
    clock: Callable[[], float] = time.monotonic
    _failed: int = field(default=0, init=False)
    _opened: float | None = field(default=None, init=False)

    @property
    def is_open(self) -> bool:
        """Whether calls are refused right now."""
        return self._opened is not None and self.clock() - self._opened < self.rest_seconds

    async def call(self, work: Callable[[], Awaitable[T]], counts: tuple[type[Exception], ...], refuse: Exception) -> T:
        """Run `work`; an error of `counts` is a failure, any other a clear answer. Raises `refuse` while open."""
        if self.is_open:
            raise refuse
        if self._opened is not None:
            self._opened = self.clock()  # this call is the probe; others wait for its outcome
        try:
            result = await work()
        except counts:
            self._failed += 1
            if self._failed >= self.failures:
                self._opened = self.clock()
            raise
        except ServiceError:  # a clear no is an answer: the system is there
            self._close()
            raise
        self._close()
        return result

    def _close(self) -> None:
        self._failed, self._opened = 0, None
