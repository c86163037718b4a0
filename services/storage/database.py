"""Transactions on SQLite (WAL) or PostgreSQL, chosen by URL."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from services.storage.inline import DRIVER, Connection

PRAGMAS = ("busy_timeout=15000", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON")
LOCK_SECONDS = 15.0  # how long a writer waits for the others
NAP = 0.002


class Database:
    """One transaction per block: commits at its end, rolls back on an error.

    SQLite lets one writer in at a time. A transaction that reads first and writes later would fail when
    another wrote in between, so `begin()` takes the write lock at once and `read()` never writes. Within the
    process writers queue up fairly; for other processes' writers it waits in short naps, without blocking.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite and parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine = _sqlite(url, "BEGIN IMMEDIATE", wait=False) if self.is_sqlite else _postgres(url)
        self._reader = _sqlite(url, "BEGIN", wait=True) if self.is_sqlite else self.engine
        self._turnstile = asyncio.Lock() if self.is_sqlite else None
        self._writes = async_sessionmaker(self.engine, expire_on_commit=False)
        self._reads = async_sessionmaker(self._reader, expire_on_commit=False)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """A transaction that may write. Never open one inside another; wait for nothing else within."""
        async with self._turnstile or nullcontext(), self._writes() as session:
            if self.is_sqlite:
                await _take_lock(session)
            yield session
            await session.commit()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A transaction that only reads."""
        async with self._reads() as session:
            yield session

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()
        await self._reader.dispose()


async def _take_lock(session: AsyncSession) -> None:
    """Begin, as soon as no other process writes.

    Raises:
        OperationalError: the others took longer than `LOCK_SECONDS`.
    """
    until = asyncio.get_running_loop().time() + LOCK_SECONDS
    while True:
        try:
            await session.connection()
            return
        except OperationalError as error:
            await session.rollback()
            if "locked" not in str(error.orig) or asyncio.get_running_loop().time() > until:
                raise
            await asyncio.sleep(NAP * random.random())


def _postgres(url: str) -> AsyncEngine:
    return create_async_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10, hide_parameters=True)


def _sqlite(url: str, begin: str, *, wait: bool) -> AsyncEngine:
    """`hide_parameters`: what citizens wrote must not get into an error's text."""
    engine = create_async_engine(
        make_url(url).set(drivername=DRIVER), connect_args={"factory": Connection}, hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        if not wait:
            cursor.execute("PRAGMA busy_timeout=0")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: SyncConnection) -> None:
        connection.exec_driver_sql(begin)

    return engine
