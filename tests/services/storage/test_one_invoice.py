"""The migration that lets a payment and a bill have one invoice, run over a database in which some have two."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine

from services.storage.migrate import config

BEFORE, AFTER = "f1b7d20c4a95", "5c0e7a91d3f2"
PLAIN = "id contract bill payer kind payment_id total_centavos paid_centavos parts custom_id uuid"
CFDI = sa.table("cfdi", *map(sa.column, PLAIN.split()), sa.column("created_at", sa.DateTime(timezone=True)))
NEW = {"total_centavos": 48_600, "paid_centavos": 0, "parts": 0, "created_at": datetime(2026, 12, 7, tzinfo=UTC)}


class Old:
    """A database at the revision before."""

    def __init__(self, url: str) -> None:
        self.engine = create_async_engine(url)

    async def go(self, revision: str, *, down: bool = False) -> None:
        move = command.downgrade if down else command.upgrade
        async with self.engine.begin() as connection:
            await connection.run_sync(lambda sync: move(config(sync), revision))

    async def put(self, name: str, payer: str, kind: str = "I", bill: str = "F1", **more: str | None) -> None:
        known = {"id": name, "contract": "0048213", "bill": bill, "payer": payer, "kind": kind, "payment_id": ""}
        async with self.engine.begin() as connection:
            await connection.execute(CFDI.insert().values({**NEW, **known, "custom_id": f"custom-{name}", **more}))

    async def delete(self, name: str) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(CFDI.delete().where(CFDI.c.id == name))

    async def left(self) -> list[str]:
        async with self.engine.connect() as connection:
            return list(await connection.scalars(sa.select(CFDI.c.id).order_by(CFDI.c.id)))

    async def tables(self) -> set[str]:
        async with self.engine.connect() as connection:
            return set(await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names()))


@pytest.fixture
async def old(empty_database_url: str) -> Any:
    made = Old(empty_database_url)
    await made.go(BEFORE)
    yield made
    await made.engine.dispose()


async def fill(old: Old) -> None:
    """Twice the same bill for two payers, one of them stamped; a payment thrice unstamped; and what is no duplicate."""
    await old.put("a1", "rosa")
    await old.put("a2", "tomas", uuid="u-a2")
    await old.put("a3", "laura")
    for name, payer in (("b1", "rosa"), ("b2", "tomas"), ("b3", "laura")):
        await old.put(name, payer, kind="P", bill="", payment_id="p1")
    await old.put("c1", "rosa", kind="P", bill="", payment_id="p2", uuid="u-c1")
    await old.put("d1", "rosa", bill="F2")
    await old.put("e1", "rosa", contract="0071390")


async def test_what_was_stamped_stays_else_the_first_and_nothing_else_is_touched(old: Old) -> None:
    await fill(old)
    await old.go(AFTER)
    assert await old.left() == ["a2", "b1", "c1", "d1", "e1"]
    with pytest.raises(IntegrityError):
        await old.put("a9", "somebody")


async def test_two_that_are_stamped_stop_it_before_anything_has_changed_and_then_it_goes_on(old: Old) -> None:
    await fill(old)
    await old.put("a4", "ramiro", uuid="u-a4")
    before, tables = await old.left(), await old.tables()
    for _ in range(2):
        with pytest.raises(RuntimeError, match=r"cancelled with the SAT .*\['a2', 'a4'\]"):
            await old.go(AFTER)
        assert (await old.left(), await old.tables()) == (before, tables)
    await old.delete("a4")
    await old.go("head")
    assert await old.left() == ["a2", "b1", "c1", "d1", "e1"]


async def test_it_can_be_taken_back(old: Old) -> None:
    await fill(old)
    await old.go(AFTER)
    await old.go(BEFORE, down=True)
    await old.put("a9", "somebody")
    assert "a9" in await old.left()
