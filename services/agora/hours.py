"""AGORA's working hours through its Client API (agora.md section 9: no token), kept for ten minutes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import httpx
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.clock import Clock
from services.handoff.care import HoursRule
from services.handoff.hours import Week, from_desk, from_rules

log = structlog.get_logger(__name__)

FRESH, KNOWN = "agora:hours:fresh", "agora:hours:known"
FRESH_SECONDS, KNOWN_SECONDS = 600, 7 * 86_400
PATIENCE = httpx.Timeout(3.0, connect=1.5)


class DeskHours:
    """Whether people answer now, and from when they do. Never raises: without AGORA what it last said, or the file."""

    def __init__(
        self, http: httpx.AsyncClient, redis: Redis, clock: Clock, rule: HoursRule, url: str, identifier: str
    ) -> None:
        self._http, self._redis, self._clock, self._rule = http, redis, clock, rule
        self._url = f"{url.rstrip('/')}/public/api/v1/inboxes/{identifier}"

    async def closed_until(self) -> datetime | None:
        """From when people answer, if they do not now; None: they do, or nobody knows when they will."""
        week, local = await self.week(), self._clock.local()
        return None if week.is_open(local) else week.opens(local)

    async def week(self) -> Week:
        """AGORA's where it keeps hours and the rules want them, else the file's."""
        own = from_rules(self._rule)
        if self._rule.source == "file":
            return own
        body = await self._kept(FRESH) or await self._ask() or await self._kept(KNOWN)
        try:
            return (from_desk(body, own.closed) if body else None) or own
        except (KeyError, TypeError, ValueError) as error:
            log.warning("agora_hours_unreadable", error=type(error).__name__)
            return own

    async def _ask(self) -> dict[str, Any] | None:
        try:
            answer = await self._http.get(self._url, timeout=PATIENCE)
            body: dict[str, Any] = answer.raise_for_status().json()
            kept = json.dumps({name: body.get(name) for name in ("working_hours", "working_hours_enabled")})
            await self._keep(kept)
        except (httpx.HTTPError, ValueError, AttributeError) as error:
            log.warning("agora_hours_unknown", error=type(error).__name__)
            return None
        return body

    async def _keep(self, body: str) -> None:
        try:
            await self._redis.set(FRESH, body, ex=FRESH_SECONDS)
            await self._redis.set(KNOWN, body, ex=KNOWN_SECONDS)
        except (RedisError, OSError) as error:
            log.info("agora_hours_not_kept", error=type(error).__name__)

    async def _kept(self, key: str) -> dict[str, Any] | None:
        try:
            found = await self._redis.get(key)
        except (RedisError, OSError):
            return None
        body: dict[str, Any] | None = json.loads(found) if found else None
        return body
