"""`INSERT … ON CONFLICT`, which SQLite and PostgreSQL spell alike but SQLAlchemy keeps in two dialects."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

Insert = sqlite.Insert | postgresql.Insert


def insert(session: AsyncSession, table: type[DeclarativeBase]) -> Insert:
    """An insert of the session's own dialect, with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


async def insert_new(
    session: AsyncSession,
    table: type[DeclarativeBase],
    rows: list[dict[str, Any]],
    conflict: tuple[str, ...],
    returning: tuple[str, ...] = (),
) -> set[tuple[Any, ...]]:
    """Insert the rows that are new by the columns `conflict`; give these (or `returning`) of each new one."""
    if not rows:
        return set()
    made = insert(session, table).on_conflict_do_nothing(index_elements=list(conflict))
    columns = [table.__table__.c[name] for name in returning or conflict]
    return {tuple(row) for row in await session.execute(made.returning(*columns), rows)}
