"""`/health/live`, `/health/ready`, `/metrics`: the same for every process."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from redis.asyncio import Redis
from sqlalchemy import text

from services.storage import Database

Check = Callable[[], Awaitable[bool]]


def database_check(database: Database) -> Check:
    """Whether the database answers."""

    async def check() -> bool:
        async with database.read() as session:
            await session.execute(text("SELECT 1"))
        return True

    return check


def redis_check(redis: Redis) -> Check:
    """Whether Redis answers."""

    async def check() -> bool:
        return bool(await redis.ping())

    return check


def build(checks: Mapping[str, Check]) -> APIRouter:
    """The router. `ready` names what is missing, never why: it can be seen from outside."""
    router = APIRouter()

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/health/ready")
    async def ready() -> JSONResponse:
        found = {name: await _holds(check) for name, check in checks.items()}
        return JSONResponse({"ready": all(found.values()), "checks": found}, 200 if all(found.values()) else 503)

    @router.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(_registry()), media_type=CONTENT_TYPE_LATEST)

    return router


async def _holds(check: Check) -> bool:
    try:
        return await check()
    except Exception:  # whatever it is, it is not ready
        return False


def _registry() -> CollectorRegistry:
    """With `PROMETHEUS_MULTIPROC_DIR` set, the numbers of all processes that share the directory."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
