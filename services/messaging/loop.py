"""The two loops of a worker: answer conversations that are due, send letters that are ready. Bounded, and patient."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

import structlog

from services.clock import Clock
from services.messaging.bell import Bell, Topic

log = structlog.get_logger(__name__)

T = TypeVar("T")
SWEEP = 2.0  # seconds after which a loop looks even if nothing rang: what a crash or a lost ring left behind
SHORT = 0.05  # something is due but cannot be taken: blocked, or in other hands


class Loop(Generic[T]):
    """Takes work from the database and does up to `most` pieces at once.

    Args:
        take: up to n pieces that are ready, now ours.
        work: does one; what it raises is logged, and the lease lets another try.
        next_at: when the next piece will be ready.
    """

    def __init__(
        self,
        topic: Topic,
        bell: Bell,
        take: Callable[[int], Awaitable[list[T]]],
        work: Callable[[T], Awaitable[object]],
        next_at: Callable[[], Awaitable[datetime | None]],
        most: int = 16,
        wall: Clock | None = None,
    ) -> None:
        self.topic: Topic = topic
        self.bell = bell
        self.take = take
        self.work = work
        self.next_at = next_at
        self.most = most
        self.wall = wall or Clock()
        self._swept = datetime.min.replace(tzinfo=UTC)
        self._nap = SHORT
        self._busy: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """For ever; on cancellation the pieces at hand are finished first."""
        try:
            while True:
                try:
                    await self._round()
                except Exception as error:  # a database that is away for a moment must not end the loop
                    log.error("loop_failed", loop=self.topic, error=type(error).__name__, exc_info=True)
                    await asyncio.sleep(1)
        finally:
            if self._busy:
                await asyncio.wait(self._busy, timeout=30)

    async def _round(self) -> None:
        free = self.most - len(self._busy)
        due = await self._due_in() if free else SWEEP
        taken = await self.take(free) if free and due <= 0 else []
        for piece in taken:
            task = asyncio.create_task(self._do(piece))
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)
        if taken:
            self._nap = SHORT
        else:
            nap = self._nap if due <= 0 else due
            self._nap = min(2 * self._nap, 10 * SHORT) if due <= 0 else SHORT
            await self.bell.wait(self.topic, min(SWEEP, nap))

    async def _due_in(self) -> float:
        """Seconds until a look is worth its while; now and then one is for what a crash left behind."""
        now = self.wall.now()
        if now >= self._swept + timedelta(seconds=SWEEP):
            self._swept = now
            return 0.0
        moment = await self.next_at()
        return (moment - now).total_seconds() if moment else SWEEP

    async def _do(self, piece: T) -> None:
        try:
            await self.work(piece)
        except Exception as error:
            log.error("work_failed", loop=self.topic, error=type(error).__name__, exc_info=True)
        self.bell.ring_here(self.topic)
