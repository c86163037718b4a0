from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from tests.portal_lite.stand import Stand, Visitor, standing


@pytest.fixture
async def stand(tmp_path: Path, redis: Redis, redis_url: str, monkeypatch) -> AsyncIterator[Stand]:
    async with standing(tmp_path, redis_url, monkeypatch) as made:
        yield made


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    made = Visitor()
    yield made
    await made.http.aclose()
