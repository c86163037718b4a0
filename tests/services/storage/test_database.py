"""Transactions and group commits."""

import asyncio
import multiprocessing
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.contacts.tables import ContactRow
from services.storage import Database
from services.storage.batcher import Batcher

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def contact(name: str) -> ContactRow:
    return ContactRow(id=name, channel="whatsapp", register="usted", created_at=NOW)


async def count(database: Database) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(ContactRow)) or 0


async def test_an_error_rolls_back(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.begin() as session:
            session.add(contact("a"))
            await session.flush()
            _ = 1 / 0
    assert await count(database) == 0


async def test_moments_come_back_as_utc_and_naive_ones_are_refused(database: Database) -> None:
    async with database.begin() as session:
        session.add(contact("a"))
    async with database.read() as session:
        row = await session.get(ContactRow, "a")
        assert row is not None
        assert row.created_at == NOW
        assert row.created_at.tzinfo is not None
    with pytest.raises(Exception, match="timezone"):
        async with database.begin() as session:
            session.add(ContactRow(id="b", channel="w", register="tu", created_at=datetime(2026, 1, 1)))


async def test_many_writers_at_once(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.begin() as session:
            session.add(contact(str(number)))
            await session.flush()
            await asyncio.sleep(0.001)

    await asyncio.gather(*(write(n) for n in range(40)))
    assert await count(database) == 40


def _writer(url: str, start: int) -> None:
    async def write() -> None:
        database = Database(url)
        for number in range(start, start + 50):
            async with database.begin() as session:
                session.add(contact(str(number)))
        await database.close()

    asyncio.run(write())


async def test_writers_in_several_processes(database: Database) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_writer, args=(database.url, n * 100)) for n in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        await asyncio.to_thread(process.join, 60)
        assert process.exitcode == 0
    assert await count(database) == 100


class Writes:
    def __init__(self) -> None:
        self.groups: list[int] = []

    async def __call__(self, session: AsyncSession, names: Sequence[str]) -> list[str]:
        self.groups.append(len(names))
        session.add_all(contact(name) for name in names)
        await session.flush()
        return [name.upper() for name in names]


async def test_a_group_commit_gives_each_its_own_result(database: Database) -> None:
    writes = Writes()
    batcher = Batcher(database, writes)
    results = await asyncio.gather(*(batcher.add(f"c{n}") for n in range(30)))
    assert results == [f"C{n}" for n in range(30)]
    assert max(writes.groups) > 1
    assert await count(database) == 30


async def test_one_bad_item_does_not_fail_the_others(database: Database) -> None:
    batcher = Batcher(database, Writes())
    results = await asyncio.gather(*(batcher.add(n) for n in ("a", "b", "a", "c")), return_exceptions=True)
    assert [r for r in results if isinstance(r, str)] == ["A", "B", "C"]
    assert await count(database) == 3


async def test_plain_sql_works_too(database: Database) -> None:
    async with database.read() as session:
        assert (await session.execute(text("SELECT 1"))).scalar_one() == 1
        assert (await session.execute(select(ContactRow.__table__))).all() == []
    async with database.engine.connect() as connection:
        assert (await connection.execute(text("SELECT 2"))).one() == (2,)
