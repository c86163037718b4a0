"""The sandbox's own switches: reset, faults, the clock, the people."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from sandbox.faults import Fault
from sandbox.world import World


class Advance(BaseModel):
    """How much time is to pass."""

    advance_seconds: float = Field(gt=0, le=90 * 86_400)


def build(world: World) -> APIRouter:
    """`/control/…`."""
    router = APIRouter(prefix="/control")

    @router.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @router.post("/reset")
    async def reset() -> dict[str, bool]:
        world.reset()
        world.feed.publish({"type": "reset"})
        return {"reset": True}

    @router.get("/faults")
    async def list_faults() -> list[Fault]:
        return world.faults.active

    @router.post("/faults")
    async def set_faults(faults: list[Fault]) -> list[Fault]:
        world.faults.active = faults
        return faults

    @router.get("/clock")
    async def clock(follower: str = "", holds: float = 0.0) -> dict[str, Any]:
        if follower:
            world.clock.heard(follower, holds)
        return {"now": world.clock.now().isoformat(), "offset_seconds": world.clock.offset.total_seconds()}

    @router.post("/clock")
    async def advance(body: Advance) -> dict[str, Any]:
        world.clock.advance_seconds(body.advance_seconds)
        await world.clock.agreed()
        return await clock()

    @router.get("/data/persons")
    async def persons() -> list[dict[str, Any]]:
        return [p.model_dump() for p in world.data.content.persons]

    @router.get("/data/accounts")
    async def accounts() -> list[dict[str, Any]]:
        return [a.model_dump(include={"contract", "story", "phones"}) for a in world.data.content.accounts]

    return router
