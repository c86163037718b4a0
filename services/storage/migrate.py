"""Bring the database up to date: `python -m services.storage.migrate`. Safe to start from many processes at once.

`python -m services.storage.migrate new "Add a table"` writes the next revision from the models.
"""

from __future__ import annotations

import asyncio
import fcntl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import make_url
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from services.settings import get_settings

HERE = Path(__file__).parent
LOCK = 0x6D617269  # any number of our own: PostgreSQL's advisory lock key


def config(connection: Connection) -> Config:
    """Alembic's settings, bound to a connection."""
    made = Config()
    made.set_main_option("script_location", str(HERE / "migrations"))
    made.attributes["connection"] = connection
    return made


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """On SQLite a lock file keeps the other processes waiting; PostgreSQL has its own lock."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        yield
        return
    path = Path(parsed.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(path.name + ".migrating").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


async def _run(url: str, work: Callable[[Connection], None]) -> None:
    engine = create_async_engine(url, hide_parameters=True)
    try:
        async with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            await connection.run_sync(work)
    finally:
        await engine.dispose()


def migrate(url: str) -> None:
    """Upgrade to the newest revision; whoever comes second finds nothing left to do."""
    with _alone(url):
        asyncio.run(_run(url, lambda connection: command.upgrade(config(connection), "head")))


def write_revision(url: str, message: str) -> None:
    """Compare the models with an up-to-date database and write what is missing."""
    migrate(url)

    def compare(connection: Connection) -> None:
        command.revision(config(connection), message, autogenerate=True)

    asyncio.run(_run(url, compare))


if __name__ == "__main__":
    target = get_settings().database_url
    if sys.argv[1:2] == ["new"]:
        write_revision(target, sys.argv[2])
    else:
        migrate(target)
