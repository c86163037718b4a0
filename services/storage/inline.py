"""SQLite in the event loop's own thread.

An SQLite statement takes some ten microseconds; handing it to a thread and back takes ten times that, and a
turn has a hundred of them. So the calls are made directly. What may really wait is the write lock; `Database`
waits for it without blocking the loop (docs/adr/0007-sqlite-inline.md).
"""

from __future__ import annotations

import sqlite3
from typing import Any, Self

from sqlalchemy import URL, AsyncAdaptedQueuePool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import Pool
from sqlalchemy.util import await_only

DRIVER = "sqlite+inline"


async def _nothing() -> None:
    """SQLAlchemy insists that an asynchronous driver awaits something."""


class Cursor(sqlite3.Cursor):
    """A cursor as SQLAlchemy's asynchronous results expect it: all rows are here already."""

    def execute(self, *given: Any) -> Self:
        """Run one statement."""
        await_only(_nothing())
        return super().execute(*given)

    def executemany(self, *given: Any) -> Self:
        """Run one statement for many rows."""
        await_only(_nothing())
        return super().executemany(*given)

    async def _async_soft_close(self) -> None:
        return None


class Connection(sqlite3.Connection):
    """A connection that gives such cursors."""

    def cursor(self, factory: Any = Cursor) -> Any:
        """A new cursor."""
        return super().cursor(factory)


class InlineSQLite(SQLiteDialect_pysqlite):
    """The standard library's driver, called as if it were asynchronous."""

    driver = "inline"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        """A pool whose waiting does not block the loop."""
        return AsyncAdaptedQueuePool

    def get_driver_connection(self, connection: DBAPIConnection) -> DBAPIConnection:
        """The connection itself; nothing is wrapped around it."""
        return connection


registry.register("sqlite.inline", __name__, InlineSQLite.__name__)
