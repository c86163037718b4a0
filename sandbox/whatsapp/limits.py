"""How fast one may send (reference/whatsapp.md, section 7): 80 a second, and one per 6 s to one person."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

from sandbox.whatsapp.errors import GraphError
from sandbox.world import SandboxClock

PER_SECOND = 80
PAIR_SECONDS = 6.0
PAIR_BURST = 45


@dataclass
class Limits:
    """`throughput` counts real seconds; the pair rate follows the sandbox's clock, so passing time frees it."""

    clock: SandboxClock
    per_second: int = PER_SECOND
    pair_burst: int = PAIR_BURST
    _recent: deque[float] = field(default_factory=deque)
    _pairs: dict[str, tuple[float, float]] = field(default_factory=dict)

    def clear(self) -> None:
        """Forget what was sent."""
        self._recent.clear()
        self._pairs.clear()

    def throughput(self) -> None:
        """Count one message of the number.

        Raises:
            GraphError: 130429 for the 81st within a second.
        """
        now = time.monotonic()
        while self._recent and now - self._recent[0] >= 1.0:
            self._recent.popleft()
        if len(self._recent) >= self.per_second:
            raise GraphError(130429, "Cloud API message throughput has been reached.")
        self._recent.append(now)

    def pair(self, key: str) -> None:
        """Count one message to one person: a bucket of 45 that refills by one every 6 s.

        Raises:
            GraphError: 131056 when the bucket is empty.
        """
        now = self.clock.now().timestamp()
        left, at = self._pairs.get(key, (float(self.pair_burst), now))
        left = min(float(self.pair_burst), left + max(0.0, now - at) / PAIR_SECONDS)
        if left < 1:
            self._pairs[key] = (left, now)
            raise GraphError(131056, "Too many messages to this phone number in a short time.")
        self._pairs[key] = (left - 1, now)
