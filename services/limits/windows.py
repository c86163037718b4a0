"""Counting in Redis, shared by all processes. What cannot be counted is not allowed."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.errors import NotAllowed, Unavailable

# One step for Redis, so that two processes cannot both be the last one allowed.
TAKE = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""


class OverLimit(NotAllowed):
    """Done too often; `facts["limit"]` names which limit."""


class LimitsDown(Unavailable):
    """Nothing can be counted now."""


@dataclass(frozen=True)
class Limit:
    """So many times in so many seconds, counted from the first."""

    name: str
    most: int
    seconds: int


class Windows:
    """Counts per limit and subject. Subjects are kept as keyed hashes: no address or contact lies in Redis."""

    def __init__(self, redis: Redis, secret: str) -> None:
        self._take = redis.register_script(TAKE)
        self._secret = secret.encode()

    async def take(self, limit: Limit, subject: str) -> None:
        """Count one.

        Raises:
            OverLimit: there have been enough.
            LimitsDown: Redis does not answer; fail closed.
        """
        try:
            count = int(await self._take(keys=[self._key(limit, subject)], args=[limit.seconds]))
        except (RedisError, OSError) as error:
            raise LimitsDown(type(error).__name__) from error
        if count > limit.most:
            raise OverLimit(limit.name, limit=limit.name)

    def _key(self, limit: Limit, subject: str) -> str:
        digest = hmac.new(self._secret, f"{limit.name}:{subject}".encode(), hashlib.sha256).hexdigest()[:32]
        return f"limit:{limit.name}:{digest}"


def network(address: str) -> str:
    """Who an address counts as: one IPv4 address, or the /64 that one IPv6 customer has to himself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False))
