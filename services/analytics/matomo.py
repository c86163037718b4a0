"""Matomo as a sink for the events, through its HTTP tracking API in bulk. Optional; nothing hangs on it.

Source: Matomo, *Tracking HTTP API* (`rec`, `idsite`, `_id`, `e_c`, `e_a`, `e_n`, `e_v`, `cdt`, `send_image`, in bulk).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import structlog
from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from services.analytics.tables import AnalyticsRow, SinkRow
from services.clock import Clock
from services.storage import Database
from services.storage.order import wait_for_writers
from services.storage.upsert import insert_new

log = structlog.get_logger(__name__)

NAME, AT_ONCE = "matomo", 200
LEASE = timedelta(seconds=60)
PATIENCE = httpx.Timeout(10.0, connect=3.0)


@dataclass
class Matomo:
    """Sends what was not sent yet. `page` is the address that all events are filed under; there is no real page."""

    database: Database
    http: httpx.AsyncClient
    url: str
    site: int
    token: str
    page: str
    wall: Clock = field(default_factory=Clock)
    writers_take: float = 3.0  # seconds to wait for whoever is writing events; longer: the next time

    async def push(self) -> int:
        """The next events, by one process at a time; how many went. It starts with what happens from now on.

        Whoever dies between Matomo's answer and the note of it sends that batch once more: Matomo cannot be asked.
        """
        try:
            after = await self._claim()
            if after is None:
                return 0
            rows: Sequence[AnalyticsRow] = []
            try:
                rows = await self._send(after)
            finally:
                await self._release(rows[-1].id if rows else after)
        except (OSError, httpx.HTTPError, SQLAlchemyError) as error:
            log.warning("matomo_later", error=type(error).__name__)
            return 0
        return len(rows)

    async def _claim(self) -> int | None:
        """After which event to go on, now ours; None: another one is at it, or this was the first look."""
        now = self.wall.now()
        async with self.database.begin() as session:
            newest = int(await session.scalar(select(func.max(AnalyticsRow.id))) or 0)
            if await insert_new(session, SinkRow, [{"name": NAME, "after": newest, "busy_until": None}], ("name",)):
                return None
            free = SinkRow.name == NAME, or_(SinkRow.busy_until.is_(None), SinkRow.busy_until < now)
            taken = update(SinkRow).where(*free).values(busy_until=now + LEASE).returning(SinkRow.after)
            found = (await session.execute(taken)).first()
            return int(found[0]) if found else None

    async def _send(self, after: int) -> Sequence[AnalyticsRow]:
        query = select(AnalyticsRow).where(AnalyticsRow.id > after).order_by(AnalyticsRow.id).limit(AT_ONCE)
        async with self.database.read() as session:
            rows = list(await session.scalars(query))
        if rows:
            async with self.database.begin() as session:
                await wait_for_writers(session, AnalyticsRow, self.writers_take)
                rows = list(await session.scalars(query))
            answer = await self.http.post(f"{self.url.rstrip('/')}/matomo.php", json=self._body(rows), timeout=PATIENCE)
            answer.raise_for_status()
        return rows

    async def _release(self, after: int) -> None:
        async with self.database.begin() as session:
            done = update(SinkRow).where(SinkRow.name == NAME, SinkRow.after <= after)
            await session.execute(done.values(after=after, busy_until=None))

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
