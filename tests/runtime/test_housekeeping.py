"""What the worker drops once an hour."""

from __future__ import annotations

from sqlalchemy.exc import OperationalError

from runtime.worker import tidy


async def test_a_duty_that_fails_ends_neither_the_others_nor_the_worker() -> None:
    done: list[str] = []

    async def away() -> None:
        raise OperationalError("DELETE", {}, Exception())

    async def fine() -> None:
        done.append("fine")

    await tidy((away, fine))
    assert done == ["fine"]
