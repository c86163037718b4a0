"""How fast WhatsApp lets us write, kept in Redis for all processes together (whatsapp.md section 7).

80 messages a second for the number; to one person one in six seconds with a burst of 45. Both by the generic
cell rate algorithm: one timestamp a key says when the next message would be due at the even pace.
"""

from __future__ import annotations

import asyncio
import time

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

# KEYS[1]; ARGV: seconds a message, burst, reserve (1: queue up and say how long to wait; 0: take it or leave it)
SCRIPT = """
local t = redis.call('TIME')
local now = tonumber(t[1]) + tonumber(t[2]) / 1000000
local every, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local due = tonumber(redis.call('GET', KEYS[1]) or '0')
if due < now then due = now end
local wait = due - now - (burst - 1) * every
if wait < 0 then wait = 0 end
if wait == 0 or ARGV[3] == '1' then
  redis.call('SET', KEYS[1], string.format('%.6f', due + every), 'PX', math.ceil((due + every - now) * 1000) + 1000)
end
return string.format('%.6f', wait)
"""

MARGIN = 0.95  # the line's jitter must not push a second's worth above the limit
NUMBER_BURST = 4
PAIR_SECONDS, PAIR_BURST = 6.0, 44
LATE, TRIES = 0.05, 4  # a process that stood still this long may push a second above the limit
WITHOUT_REDIS = 4  # times slower, when nobody counts for all processes


class Pace:
    """Asks for leave to send."""

    def __init__(self, redis: Redis, number: str, per_second: float) -> None:
        self.every = 1 / max(1.0, MARGIN * (per_second - NUMBER_BURST))
        self.key = f"maria:pace:{number}"
        self._script = redis.register_script(SCRIPT)
        self._alone = asyncio.Lock()

    async def pair_wait(self, contact: str) -> float:
        """Seconds until this contact may get a message; 0 takes one now."""
        try:
            return await self._ask(f"{self.key}:{contact}", PAIR_SECONDS, PAIR_BURST, reserve=False)
        except (RedisError, OSError):
            return 0.0

    async def my_turn(self) -> None:
        """Wait for the number's next free place; who oversleeps his place takes another, or places would bunch up."""
        for _ in range(TRIES):
            try:
                wait = await self._ask(self.key, self.every, NUMBER_BURST, reserve=True)
            except (RedisError, OSError) as error:
                log.warning("pace_without_redis", error=type(error).__name__)
                async with self._alone:
                    await asyncio.sleep(self.every * WITHOUT_REDIS)
                return
            due = time.monotonic() + wait
            if wait:
                await asyncio.sleep(wait)
            if time.monotonic() - due < LATE:
                return

    async def _ask(self, key: str, every: float, burst: int, *, reserve: bool) -> float:
        answer = await self._script(keys=[key], args=[every, burst, int(reserve)])
        return float(answer)
