"""The circuit breaker: when it opens, what it lets through, and what closes it again."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from services.breaker import Breaker
from services.errors import NotFound, Refused, ServiceError, Unavailable


class Open(Unavailable):
    """Nobody was asked."""


@dataclass
class System:
    """Asked through a breaker with a clock of its own; answers with `error` or not at all ill."""

    now: float = 100.0
    error: ServiceError | None = None
    asked: int = 0
    breaker: Breaker = field(init=False)

    def __post_init__(self) -> None:
        self.breaker = Breaker(failures=3, rest_seconds=15, clock=lambda: self.now)

    async def work(self) -> str:
        self.asked += 1
        if self.error:
            raise self.error
        return "yes"

    async def ask(self, error: ServiceError | None = None) -> str:
        self.error = error
        return await self.breaker.call(self.work, counts=(Unavailable,), refuse=Open())

    async def fail(self, times: int) -> None:
        for _ in range(times):
            with pytest.raises(Unavailable):
                await self.ask(Unavailable())


async def test_after_three_failures_in_a_row_nobody_is_asked() -> None:
    system = System()
    await system.fail(3)
    with pytest.raises(Open):
        await system.ask()
    assert system.asked == 3


@pytest.mark.parametrize("answer", [None, Refused("402"), NotFound("404")])
async def test_an_answer_between_failures_begins_the_count_anew(answer: ServiceError | None) -> None:
    system = System()
    await system.fail(2)
    if answer is None:
        await system.ask()
    else:
        with pytest.raises(type(answer)):
            await system.ask(answer)
    await system.fail(2)
    assert await system.ask() == "yes"


@pytest.mark.parametrize("answer", [Refused("402"), NotFound("404")])
async def test_after_the_rest_a_clear_no_closes_it_like_a_yes(answer: ServiceError) -> None:
    system = System()
    await system.fail(3)
    system.now += 15
    with pytest.raises(type(answer)):
        await system.ask(answer)
    assert await system.ask() == "yes"


async def test_a_probe_that_fails_opens_it_again() -> None:
    system = System()
    await system.fail(3)
    system.now += 15
    await system.fail(1)
    with pytest.raises(Open):
        await system.ask()
