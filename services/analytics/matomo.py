"""Matomo as a sink for the events, through its HTTP tracking API in bulk. Optional; nothing hangs on it.

Source: Matomo, *Tracking HTTP API* (`rec`, `idsite`, `_id`, `e_c`, `e_a`, `e_n`, `e_v`, `cdt`, `send_image`, in bulk).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import httpx
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from services.analytics.tables import AnalyticsRow
from services.storage import Database

log = structlog.get_logger(__name__)

CURSOR, LOCK = "matomo:after", "matomo:lock"
AT_ONCE, LOCK_SECONDS = 200, 60
PATIENCE = httpx.Timeout(10.0, connect=3.0)


@dataclass
class Matomo:
    """Sends what was not sent yet. `page` is the address that all events are filed under; there is no real page."""

    database: Database
    redis: Redis
    http: httpx.AsyncClient
    url: str
    site: int
    token: str
    page: str

    async def push(self) -> int:
        """The next events, by one process at a time; how many went. It starts with what happens from now on."""
        try:
            if not await self.redis.set(LOCK, 1, nx=True, ex=LOCK_SECONDS):
                return 0
            try:
                return await self._push()
            finally:
                await self.redis.delete(LOCK)
        except (RedisError, OSError, httpx.HTTPError, SQLAlchemyError) as error:
            log.warning("matomo_later", error=type(error).__name__)
            return 0

    async def _push(self) -> int:
        after = await self.redis.get(CURSOR)
        if after is None:
            await self.redis.set(CURSOR, await self._newest())
            return 0
        async with self.database.read() as session:
            query = select(AnalyticsRow).where(AnalyticsRow.id > int(after)).order_by(AnalyticsRow.id).limit(AT_ONCE)
            rows = list(await session.scalars(query))
        if not rows:
            return 0
        answer = await self.http.post(f"{self.url.rstrip('/')}/matomo.php", json=self._body(rows), timeout=PATIENCE)
        answer.raise_for_status()
        await self.redis.set(CURSOR, rows[-1].id)
        return len(rows)

    async def _newest(self) -> int:
        async with self.database.read() as session:
            return int(await session.scalar(select(func.max(AnalyticsRow.id))) or 0)

    def _body(self, rows: Sequence[AnalyticsRow]) -> dict[str, Any]:
        body: dict[str, Any] = {"requests": [f"?{urlencode(self.parameters(row))}" for row in rows]}
        return {**body, "token_auth": self.token} if self.token else body

    def parameters(self, row: AnalyticsRow) -> dict[str, str]:
        """One event: category = kind, action = name, name = detail, value. The visitor is the stand-in, 16 hex digits.

        No address, phone, contract or text is in it; a time that is past needs the token.
        """
        known = {
            "idsite": str(self.site),
            "rec": "1",
            "apiv": "1",
            "send_image": "0",
            "_id": row.person,
            "url": self.page,
            "e_c": row.kind,
            "e_a": row.name,
            "rand": str(row.id),
        }
        if row.detail:
            known["e_n"] = row.detail
        if row.value is not None:
            known["e_v"] = f"{row.value:g}"
        if self.token:
            known["cdt"] = _utc(row.at)
        return known


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
