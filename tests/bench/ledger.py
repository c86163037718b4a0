"""Reads María's own tables: what still waits, and which letters answered which message."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from services.messaging.tables import InboxRow, OutboxRow
from services.storage import Database

WAITING = ("pending", "sending", "unknown")


async def everything(database: Database, table: Any) -> list[Any]:
    """All rows, in the order they were written."""
    async with database.read() as session:
        return list(await session.scalars(select(table).order_by(table.id)))


async def waiting(database: Database) -> Counter[str]:
    """How many messages and letters are not done yet."""
    async with database.read() as session:
        query = select(func.count()).select_from(InboxRow).where(InboxRow.status == "pending")
        unsent = select(func.count()).select_from(OutboxRow).where(OutboxRow.status.in_(WAITING))
        return +Counter(messages=await session.scalar(query) or 0, letters=await session.scalar(unsent) or 0)


async def settled(database: Database, patience: float) -> float:
    """Until nothing waits in the inbox or the outbox; the seconds it took.

    Raises:
        AssertionError: something still waits.
    """
    began = time.monotonic()
    while left := await waiting(database):
        if time.monotonic() - began > patience:
            raise AssertionError(f"after {patience:.0f} s there still wait {dict(left)}")
        await asyncio.sleep(0.3)
    return time.monotonic() - began


async def letters_for(database: Database, provider_ids: Iterable[str]) -> dict[str, list[OutboxRow]]:
    """Provider id → the letters that answered it, without "I am looking" in between."""
    inbox = {row.provider_id: row.turn_id for row in await everything(database, InboxRow)}
    by_turn: dict[str | None, list[OutboxRow]] = {}
    for row in await everything(database, OutboxRow):
        if row.key.rpartition(":")[2].isdigit():
            by_turn.setdefault(row.turn_id, []).append(row)
    return {provider_id: by_turn.get(inbox.get(provider_id), []) for provider_id in provider_ids}
