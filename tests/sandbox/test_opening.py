"""When the sandbox's time begins, and how it passes."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from sandbox.control import build
from sandbox.data import SandboxData
from sandbox.world import ZONE, SandboxClock, World
from services.clock import Clock
from tests.serving import served


def test_it_opens_now_unless_told_otherwise() -> None:
    assert SandboxClock.opening(None).offset == SandboxClock.opening("").offset == timedelta()


@pytest.mark.parametrize("hour", range(24))
def test_it_opens_at_the_hour_that_comes_next_on_a_workday_and_a_reset_goes_back_there(hour: int) -> None:
    world = World(SandboxData(), SandboxClock.opening(str(hour)))
    assert timedelta() < world.clock.offset <= timedelta(days=3)
    assert world.clock.now().astimezone(ZONE).weekday() < 5
    assert (world.clock.now().astimezone(ZONE).hour, world.clock.now().minute) == (hour, 0)
    world.clock.advance_seconds(86_400)
    world.reset()
    assert world.clock.now().astimezone(ZONE).hour == hour


async def test_who_lets_time_pass_waits_until_every_part_goes_by_it() -> None:
    app = FastAPI()
    app.include_router(build(World(SandboxData(), SandboxClock())))
    async with served(app) as address, httpx.AsyncClient(timeout=10) as client:
        parts = [Clock(), Clock(), Clock()]
        following = [asyncio.create_task(part.follow(f"{address}/control/clock")) for part in parts]
        await client.post(f"{address}/control/clock", json={"advance_seconds": 60})
        while {part.offset.total_seconds() for part in parts} != {60.0}:  # now all of them have asked
            await asyncio.sleep(0.01)
        for days in range(1, 4):
            await client.post(f"{address}/control/clock", json={"advance_seconds": 86_400})
            assert {part.offset for part in parts} == {timedelta(days=days, minutes=1)}
        for task in following:
            task.cancel()


async def test_a_part_that_is_gone_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.world.GONE_AFTER", 0.1)
    clock = SandboxClock()
    clock.heard("gone", 0.0)
    clock.advance_seconds(60)
    async with asyncio.timeout(2):
        await clock.agreed(patience=60)
