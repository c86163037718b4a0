"""When the sandbox's time begins."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandbox.data import SandboxData
from sandbox.world import ZONE, SandboxClock, World


def test_it_opens_now_unless_told_otherwise() -> None:
    assert SandboxClock.opening(None).offset == SandboxClock.opening("").offset == timedelta()


@pytest.mark.parametrize("hour", range(24))
def test_it_opens_at_the_hour_that_comes_next_and_a_reset_goes_back_there(hour: int) -> None:
    world = World(SandboxData(), SandboxClock.opening(str(hour)))
    assert timedelta() < world.clock.offset <= timedelta(days=1)
    assert (world.clock.now().astimezone(ZONE).hour, world.clock.now().minute) == (hour, 0)
    world.clock.advance_seconds(86_400)
    world.reset()
    assert world.clock.now().astimezone(ZONE).hour == hour
