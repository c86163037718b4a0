"""Transactions on SQLite (WAL) or PostgreSQL, chosen by URL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=15000", "foreign_keys=ON")


class Database:
    """One transaction per block: commits at its end, rolls back on an error.

    SQLite lets one writer in at a time. A transaction that reads first and writes later would fail when
    another wrote in between, so `begin()` takes the write lock at once and `read()` never writes. Between
    processes SQLite waits by polling with growing naps; inside one process a fair lock spares those naps.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite and parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine = _sqlite(url, "BEGIN IMMEDIATE") if self.is_sqlite else _postgres(url)
        self._reader = _sqlite(url, "BEGIN") if self.is_sqlite else self.engine
        self._turnstile = asyncio.Lock() if self.is_sqlite else None
        self._writes = async_sessionmaker(self.engine, expire_on_commit=False)
        self._reads = async_sessionmaker(self._reader, expire_on_commit=False)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """A transaction that may write. Never open one inside another."""
        async with self._turnstile or nullcontext(), self._writes() as session, session.begin():
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A transaction that only reads."""
        async with self._reads() as session:
            yield session

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()
        await self._reader.dispose()


def _postgres(url: str) -> AsyncEngine:
    return create_async_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10, hide_parameters=True)


def _sqlite(url: str, begin: str) -> AsyncEngine:
    engine = create_async_engine(url, hide_parameters=True)  # parameters are what citizens wrote

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
