"""Group commits: what arrives while one transaction runs goes together into the next.

SQLite commits one transaction at a time, so a hundred small ones a second queue up; a few larger ones do not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from services.storage.database import Database

log = structlog.get_logger(__name__)

T = TypeVar("T")
R = TypeVar("R")
Apply = Callable[[AsyncSession, Sequence[T]], Awaitable[list[R]]]


class Batcher(Generic[T, R]):
    """Runs `apply(session, items)` for all waiting items in one transaction; each caller gets its own result.

    When a transaction fails, its items are tried one by one, so that one bad item does not fail the others.
    """

    def __init__(self, database: Database, apply: Apply[T, R], most: int = 100) -> None:
        self.database = database
        self.apply = apply
        self.most = most
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._runner: asyncio.Task[None] | None = None

    async def add(self, item: T) -> R:
        """Returns once the item is committed."""
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._run())
        return await asyncio.shield(done)

    async def _run(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[: self.most], self._waiting[self.most :]
            if await self._commit(group) is None:
                continue
            for one in group:  # a deadlock or a lost connection passes; what fails alone, twice, is refused
                if await self._commit([one]) and (error := await self._commit([one])):
                    one[1].set_exception(error)

    async def _commit(self, group: list[tuple[T, asyncio.Future[R]]]) -> Exception | None:
        try:
            async with self.database.begin() as session:
                results = await self.apply(session, [item for item, _ in group])
        except Exception as error:  # whatever it is belongs to the callers
            log.warning("group_commit_failed", size=len(group), error=type(error).__name__)
            return error
        for (_, done), result in zip(group, results, strict=True):
            done.set_result(result)
        return None
