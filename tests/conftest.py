"""Engines and databases for all tests. Nothing is imported before a fixture asks for it: bot/ has its own Python."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from redis.asyncio import Redis

    from services.storage import Database


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL; its URL without a database."""
    from tests.engines import postgres

    with postgres() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real Redis."""
    from tests.engines import redis_server

    with redis_server() as url:
        yield url


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """A client of an empty Redis."""
    from services.redis import connect

    client = connect(redis_url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables, of each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'maria.db'}"
    import psycopg

    server, name = request.getfixturevalue("postgres_server"), f"t{uuid.uuid4().hex}"
    with psycopg.connect(server.replace("+asyncpg", "") + "/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{server}/{name}"


async def _with_tables(url: str) -> Any:
    from services.storage import Database
    from services.storage.metadata import metadata

    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    return database


@pytest.fixture
async def database(empty_database_url: str) -> AsyncIterator[Database]:
    """A database with all tables, on SQLite and on PostgreSQL."""
    made = await _with_tables(empty_database_url)
    yield made
    await made.close()


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    """A database with all tables, on SQLite only: for tests that are not about the engine."""
    made = await _with_tables(f"sqlite+aiosqlite:///{tmp_path / 'maria.db'}")
    yield made
    await made.close()
