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
    session: AsyncSession, table: type[DeclarativeBase], rows: list[dict[str, Any]], *conflict: str
) -> list[Any]:
    """Insert the rows that are new by the columns `conflict`; give the primary keys of those."""
    if not rows:
        return []
    made = insert(session, table).values(rows).on_conflict_do_nothing(index_elements=list(conflict))
    key = next(iter(table.__table__.primary_key))
    return list((await session.execute(made.returning(key))).scalars())
