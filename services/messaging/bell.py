"""The doorbell between processes: says *look*, never *what*. The database holds the truth (docs/adr/0002-queue.md).

A ring that gets lost costs a little time: every listener also looks by itself now and then.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from typing import Literal

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.storage.base import new_id

log = structlog.get_logger(__name__)

Topic = Literal["inbox", "outbox", "notices", "desk"]
CHANNEL = "maria:bell"


class Bell:
    """Rings in this process at once and in the others through Redis."""

    def __init__(self, redis: Redis | None) -> None:
        self.redis = redis
        self._me = new_id()
        self._events: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def ring(self, topic: Topic) -> None:
        """Wake whoever waits for `topic`, here and elsewhere; never fails."""
        self.ring_here(topic)
        if self.redis is not None:
            with contextlib.suppress(RedisError, OSError):
                await self.redis.publish(CHANNEL, f"{topic} {self._me}")

    def ring_here(self, topic: Topic) -> None:
        """Wake only this process."""
        self._events[topic].set()

    async def wait(self, topic: Topic, seconds: float) -> bool:
        """Until it rings or the time is over; True if it rang."""
        event = self._events[topic]
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await event.wait()
        except TimeoutError:
            return False
        finally:
            event.clear()
        return True

    async def listen(self) -> None:
        """Pass on what other processes ring, for ever; survives a Redis that comes and goes."""
        if self.redis is None:
            return
        while True:
            try:
                async with self.redis.pubsub(ignore_subscribe_messages=True) as heard:
                    await heard.subscribe(CHANNEL)
                    while True:
                        message = await heard.get_message(timeout=5)
                        if message is not None:
                            topic, _, ringer = message["data"].decode().partition(" ")
                            if ringer != self._me:
                                self._events[topic].set()
            except (RedisError, OSError) as error:
                log.warning("bell_lost", error=type(error).__name__)
                await asyncio.sleep(1)
