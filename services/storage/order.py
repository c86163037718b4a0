"""Reading a table by growing id without leaving out what is still being written."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase


async def wait_for_writers(session: AsyncSession, table: type[DeclarativeBase], seconds: float) -> None:
    """Until the transaction's end nobody writes in the table, and who did has finished: no smaller id comes later.

    PostgreSQL gives an id before it commits the row, so id 11 may be seen before id 10 is there. `INSERT` locks the
    table before it takes an id, therefore `SHARE` waits for all ids that were taken. Keep the transaction short.
    SQLite has one writer at a time: nothing to wait for.

    Raises:
        DBAPIError: the writers took longer than `seconds`.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    await session.execute(text(f"SET LOCAL lock_timeout = {int(seconds * 1000)}"))
    await session.execute(text(f"LOCK TABLE {table.__tablename__} IN SHARE MODE"))
