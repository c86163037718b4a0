"""The feed follows the data and the clock."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from sandbox import outages
from sandbox.data import SandboxData
from sandbox.faults import Fault
from sandbox.world import World


@pytest.fixture
def world() -> World:
    return World(SandboxData())


@pytest.fixture
async def api(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(outages.build(world))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox") as client:
        yield client


async def feed(api: httpx.AsyncClient) -> dict[str, dict]:
    return {row["id"]: row for row in (await api.get("/outages/feed.json")).json()["outages"]}


async def test_every_outage_of_the_data_is_there_with_all_its_fields(api: httpx.AsyncClient, world: World) -> None:
    rows = await feed(api)
    assert set(rows) == {o.id for o in world.data.content.outages}
    expected = {"id", "kind", "zones", "municipality", "postcodes", "cause", "alternative_supply"}
    assert all(set(r) == expected | {"starts_at", "expected_return", "resolved_at"} for r in rows.values())


async def test_an_outage_ends_on_time_stays_a_day_and_leaves(api: httpx.AsyncClient, world: World) -> None:
    before = (await feed(api))["A-1041"]
    assert before["resolved_at"] is None
    world.clock.advance_seconds(7 * 3600)
    assert (await feed(api))["A-1041"]["resolved_at"] == before["expected_return"]
    world.clock.advance_seconds(24 * 3600)
    assert "A-1041" not in await feed(api)


async def test_outages_can_be_reported_and_ended(api: httpx.AsyncClient) -> None:
    made = {
        "id": "A-1",
        "kind": "active",
        "zones": ["Centro"],
        "municipality": "Querétaro",
        "cause": "se rompió un tubo",
        "starts_in_hours": 0,
        "returns_in_hours": None,
    }
    await api.post("/control/outages", json=made)
    assert (await feed(api))["A-1"]["expected_return"] is None
    await api.post("/control/outages/A-1/resolve")
    assert (await feed(api))["A-1"]["resolved_at"]


async def test_the_feed_can_fail(api: httpx.AsyncClient, world: World) -> None:
    world.faults.active = [Fault(system="outages", kind="error", status=503)]
    assert (await api.get("/outages/feed.json")).status_code == 503
