"""`/outages/feed.json`, made of the data's outages, the clock and what the control endpoints changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from sandbox.data import Outage
from sandbox.world import World

KEPT_AFTER_END = timedelta(days=1)


@dataclass
class Board:
    """The outages with the moment their hours count from."""

    world: World
    since: dict[str, datetime] = field(default_factory=dict)
    reported: dict[str, Outage] = field(default_factory=dict)
    resolved: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clear()
        self.world.on_reset(self.clear)

    def clear(self) -> None:
        """Back to the data, counted from now."""
        for book in (self.since, self.reported, self.resolved):
            book.clear()
        for outage in self.world.data.content.outages:
            self.report(outage)

    def report(self, outage: Outage) -> None:
        """A new outage, or news of a known one."""
        self.reported[outage.id] = outage
        self.since[outage.id] = self.world.clock.now()
        self.resolved.pop(outage.id, None)

    def feed(self) -> list[dict[str, Any]]:
        """What is going on or was until a day ago, newest start first."""
        now = self.world.clock.now()
        rows = [(self._start(o), self._end(o, now), o) for o in self.reported.values()]
        current = [row for row in rows if row[1] is None or now - row[1] < KEPT_AFTER_END]
        return [self._row(*row) for row in sorted(current, key=lambda row: row[0], reverse=True)]

    def _start(self, outage: Outage) -> datetime:
        return self.since[outage.id] + timedelta(hours=outage.starts_in_hours)

    def _expected(self, outage: Outage) -> datetime | None:
        hours = outage.returns_in_hours
        return None if hours is None else self.since[outage.id] + timedelta(hours=hours)

    def _end(self, outage: Outage, now: datetime) -> datetime | None:
        """Resolved by hand, or on time."""
        expected = self._expected(outage)
        on_time = expected if expected is not None and expected <= now else None
        return self.resolved.get(outage.id, on_time)

    def _row(self, start: datetime, end: datetime | None, outage: Outage) -> dict[str, Any]:
        expected = self._expected(outage)
        shown = {"id", "kind", "zones", "municipality", "postcodes", "cause", "alternative_supply"}
        return {
            **outage.model_dump(include=shown, mode="json"),
            "starts_at": _iso(start),
            "expected_return": _iso(expected) if expected else None,
            "resolved_at": _iso(end) if end else None,
        }


def build(world: World) -> APIRouter:
    """The feed, and control endpoints to report and to end an outage."""
    router = APIRouter()
    board = Board(world)

    @router.get("/outages/feed.json")
    async def feed() -> JSONResponse:
        await world.faults.delay("outages")
        if broken := world.faults.hit("outages", "error"):
            return JSONResponse({"error": "unavailable"}, broken.status)
        return JSONResponse({"generated_at": _iso(world.clock.now()), "outages": board.feed()})

    @router.post("/control/outages")
    async def report(outage: Outage) -> list[dict[str, Any]]:
        board.report(outage)
        return board.feed()

    @router.post("/control/outages/{outage_id}/resolve")
    async def resolve(outage_id: str) -> list[dict[str, Any]]:
        board.resolved[outage_id] = world.clock.now()
        return board.feed()

    return router


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
