"""The migrations make exactly the tables of the models, on both engines, from several processes at once."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.storage import Database
from services.storage.metadata import metadata

ROOT = Path(__file__).parents[3]


def migrate_in_processes(url: str, count: int) -> list[int]:
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "services.storage.migrate"]
    started = [subprocess.Popen(command, env=environment, cwd=ROOT) for _ in range(count)]
    return [process.wait(60) for process in started]


async def test_migrations_equal_the_models(empty_database_url: str) -> None:
    assert await asyncio.to_thread(migrate_in_processes, empty_database_url, 3) == [0, 0, 0]
    database = Database(empty_database_url)
    async with database.engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync, opts={"compare_type": True}), metadata)
        )
    await database.close()
    assert differences == []
