from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from services.redis import connect
from tests.portal_lite.stand import Stand, Visitor, standing


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> AsyncIterator[Stand]:
    """Started once; every payment in it belongs to another citizen."""
    with pytest.MonkeyPatch.context() as patch:
        async with standing(tmp_path_factory.mktemp("portal"), redis_url, patch) as made:
            yield made


@pytest_asyncio.fixture(loop_scope="module")
async def stand(house: Stand, redis_url: str) -> AsyncIterator[Stand]:
    """The house with nothing counted, no fault and the clock right."""
    counted: Redis = connect(redis_url)
    await counted.flushall()
    await counted.aclose()
    yield house
    house.world.faults.clear()
    house.world.clock.offset = house.clock.offset = timedelta()


@pytest_asyncio.fixture(loop_scope="module")
async def visitor() -> AsyncIterator[Visitor]:
    made = Visitor()
    yield made
    await made.http.aclose()
