"""The outage feed, kept for a minute."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime

import httpx
from pydantic import BaseModel, ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.clock import Clock
from services.errors import Unavailable
from services.spelling import fold

KEY, SECONDS = "outages:feed", 60


class OutagesDown(Unavailable):
    """The source did not answer. Empty is not down."""

    response = "utter_outages_down"


class Outage(BaseModel):
    """One entry of the feed."""

    id: str
    kind: str  # active | planned
    zones: list[str]
    municipality: str
    postcodes: list[str] = []
    cause: str
    starts_at: datetime
    expected_return: datetime | None = None
    resolved_at: datetime | None = None
    alternative_supply: str | None = None

    def touches(self, *places: str) -> bool:
        """Whether one of these names or postcodes is meant."""
        mine = {fold(z) for z in self.zones} | set(self.postcodes)
        return any(fold(place) in mine for place in places if place)


class Outages:
    """Asks the feed."""

    def __init__(self, http: httpx.AsyncClient, redis: Redis, clock: Clock, url: str) -> None:
        self._http, self._redis, self._clock, self._url = http, redis, clock, url

    async def at(self, *places: str) -> list[Outage]:
        """Unresolved outages that touch one of the places, active ones first.

        Raises:
            OutagesDown: the source did not answer, or not in the agreed form.
        """
        found = [o for o in await self._all() if o.resolved_at is None and o.touches(*places)]
        return sorted(found, key=lambda o: (o.kind != "active", o.starts_at))

    async def _all(self) -> list[Outage]:
        raw: bytes | str | None = None
        with suppress(RedisError):
            raw = await self._redis.get(KEY)
        if raw is None:
            raw = await self._fetch()
        try:
            listed = json.loads(raw)
            return [Outage.model_validate(o) for o in (listed["outages"] if isinstance(listed, dict) else listed)]
        except (ValueError, KeyError, ValidationError) as error:
            raise OutagesDown("not in the agreed form") from error

    async def _fetch(self) -> bytes:
        try:
            answer = await self._http.get(self._url)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise OutagesDown("feed") from error
        with suppress(RedisError):
            await self._redis.set(KEY, answer.content, ex=SECONDS)
        return answer.content
