"""The Redis connection, by URL. The demo starts an embedded server; production names a real one."""

from __future__ import annotations

from redis.asyncio import Redis


def connect(url: str) -> Redis:
    """A client with short time-outs: a cache that hangs is worse than none."""
    return Redis.from_url(url, socket_timeout=5, socket_connect_timeout=2, health_check_interval=30)
