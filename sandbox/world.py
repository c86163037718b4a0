"""What all sandbox systems share: the data, the clock, the faults and the live feed for the pages.

Every system is a package with `build(world) -> APIRouter`; `sandbox/app.py` mounts them. State lives in
memory (the sandbox is a stand-in for somebody else's server) and each system registers a hook that
`POST /control/reset` calls.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from sandbox.data import SandboxData
from sandbox.faults import FaultBoard

ZONE, SATURDAY = ZoneInfo("America/Mexico_City"), 5
GONE_AFTER = 3.0  # seconds without a question; parts ask twice a second


@dataclass
class SandboxClock:
    """Wall time plus an offset that the phone page's "pass time" control moves forward."""

    start: timedelta = timedelta()  # what a reset goes back to
    offset: timedelta = field(init=False)
    _followers: dict[str, tuple[float, float]] = field(init=False, default_factory=dict)  # asked at, holds

    def __post_init__(self) -> None:
        self.offset = self.start

    @classmethod
    def opening(cls, hour: str | None) -> Self:
        """Opens at the next such hour of a workday in Querétaro, e.g. "10"; now, without one (`SANDBOX_OPENS_AT`)."""
        if not hour:
            return cls()
        now = datetime.now(ZONE)
        then = now.replace(hour=int(hour), minute=0, second=0, microsecond=0)
        while then <= now or then.weekday() >= SATURDAY:
            then += timedelta(days=1)
        return cls(then - now)

    def now(self) -> datetime:
        """The sandbox's time, timezone-aware UTC."""
        return datetime.now(UTC) + self.offset

    def advance_seconds(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self.offset += timedelta(seconds=seconds)

    def heard(self, follower: str, holds: float) -> None:
        """A part of María asks what time it is, and says the offset (seconds) it went by until now."""
        self._followers[follower] = time.monotonic(), holds

    async def agreed(self, patience: float = 4.0) -> None:
        """Until every part that follows goes by this time too: else one would write from yesterday to another's today.

        A part that has not asked for some seconds is gone, and nobody waits for it.
        """
        end = time.monotonic() + patience
        while self._behind() and time.monotonic() < end:
            await asyncio.sleep(0.02)

    def _behind(self) -> bool:
        asked_since, now = time.monotonic() - GONE_AFTER, self.offset.total_seconds()
        return any(at > asked_since and holds != now for at, holds in self._followers.values())


@dataclass
class Feed:
    """Fan-out of events (`{"type": ..., ...}`) to the pages, over server-sent events."""

    _listeners: set[asyncio.Queue[dict[str, Any]]] = field(default_factory=set)

    def publish(self, event: dict[str, Any]) -> None:
        """Give `event` to every open page; a page that reads too slowly misses it."""
        for listener in self._listeners:
            if not listener.full():
                listener.put_nowait(event)

    async def listen(self) -> AsyncIterator[dict[str, Any]]:
        """Yield events until the caller stops."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(maxsize=1000)
        self._listeners.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._listeners.discard(queue)


@dataclass
class World:
    """The one object every sandbox system is built with."""

    data: SandboxData
    clock: SandboxClock = field(default_factory=SandboxClock)
    faults: FaultBoard = field(default_factory=FaultBoard)
    feed: Feed = field(default_factory=Feed)
    _resets: list[Callable[[], None]] = field(default_factory=list)

    def on_reset(self, hook: Callable[[], None]) -> None:
        """Register what `POST /control/reset` must clear."""
        self._resets.append(hook)

    def reset(self) -> None:
        """Put data, clock, faults and every system back to the start."""
        self.data.reload()
        self.clock.offset = self.clock.start
        self.faults.clear()
        for hook in self._resets:
            hook()
