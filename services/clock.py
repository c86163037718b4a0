"""The time. Everything that expires asks here, so that the sandbox can let time pass."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx


class Clock:
    """UTC now, and the citizen's local date. `offset` stays zero outside the sandbox and tests."""

    def __init__(self, timezone: str = "America/Mexico_City") -> None:
        self.zone = ZoneInfo(timezone)
        self.offset = timedelta()

    def now(self) -> datetime:
        """Timezone-aware UTC."""
        return datetime.now(UTC) + self.offset

    def local(self, moment: datetime | None = None) -> datetime:
        """`moment` (or now) as the citizen's clock shows it."""
        return (moment or self.now()).astimezone(self.zone)

    def today(self) -> date:
        """The citizen's calendar day."""
        return self.local().date()

    async def follow(self, url: str, every: float = 0.5) -> None:
        """Keep `offset` equal to the sandbox clock's (`GET url` → `{"offset_seconds": n}`), for ever.

        Each time it tells the offset it goes by, so that whoever lets time pass can wait until all parts agree.
        """
        me = uuid.uuid4().hex
        async with httpx.AsyncClient(timeout=2) as client:
            while True:
                with contextlib.suppress(httpx.HTTPError, KeyError, ValueError):
                    holds = self.offset.total_seconds()
                    answer = await client.get(url, params={"follower": me, "holds": holds})
                    self.offset = timedelta(seconds=float(answer.json()["offset_seconds"]))
                await asyncio.sleep(every)


class FixedClock(Clock):
    """A clock for tests: stands still until told to move."""

    def __init__(self, moment: datetime, timezone: str = "America/Mexico_City") -> None:
        super().__init__(timezone)
        self.moment = moment

    def now(self) -> datetime:
        """The moment it was set to, plus what was let pass."""
        return self.moment + self.offset

    def advance(self, **delta: float) -> None:
        """Let time pass: `advance(minutes=5)`."""
        self.offset += timedelta(**delta)
