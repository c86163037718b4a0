"""What faces the internet: `python -m runtime.edge`. Webhooks, portal, widget; each colleague adds a router."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn
from fastapi import APIRouter, FastAPI

from channels.whatsapp import webhook
from portal_lite import conekta_webhook
from portal_lite.bootstrap import build_portal
from runtime import health
from runtime.handoff import agora
from runtime.logging import configure_logging
from runtime.payments import build_edge_autopay, build_payments, build_requests
from runtime.wiring import Parts, channel_ports
from services.settings import Settings, get_settings

Router = Callable[[Parts], APIRouter]


def whatsapp(parts: Parts) -> APIRouter:
    """`/webhooks/whatsapp`."""
    settings = parts.settings
    return webhook.build(
        parts.ingest,
        app_secret=settings.whatsapp_app_secret.get_secret_value(),
        verify_token=settings.whatsapp_verify_token.get_secret_value(),
        phone_number_id=settings.whatsapp_phone_number_id,
    )


def handoff(parts: Parts) -> APIRouter:
    """`/webhooks/agora`."""
    return agora(parts, channel_ports(parts))


def operations(parts: Parts) -> APIRouter:
    """`/health/…` and `/metrics`."""
    return health.build(
        {
            "database": health.database_check(parts.database),
            "redis": health.redis_check(parts.redis),
            "rasa": parts.rasa.ready,
        }
    )


def payments(parts: Parts) -> APIRouter:
    """`/webhooks/conekta` and the pages to pay at."""
    service = build_payments(parts)
    router = APIRouter()
    router.include_router(conekta_webhook.build(service))
    autopay, invoices = build_edge_autopay(parts, service), build_requests(parts)

    async def ring() -> None:
        await parts.bell.ring("outbox")

    router.include_router(build_portal(parts.settings, parts.clock, parts.redis, service, autopay, invoices, ring))
    return router


# A router is a function of the parts. Add yours here.
ROUTERS: tuple[Router, ...] = (whatsapp, payments, handoff, operations)


def build_app(settings: Settings | None = None, parts: Parts | None = None) -> FastAPI:
    """The app; tests pass their own parts."""
    held = parts or Parts.build(settings or get_settings())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        beside = [asyncio.create_task(held.bell.listen())]
        if held.settings.clock_url:
            beside.append(asyncio.create_task(held.clock.follow(held.settings.clock_url)))
        yield
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await held.close()

    app = FastAPI(title="María", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.parts = held
    for router in ROUTERS:
        app.include_router(router(held))
    return app


def main() -> None:
    """Serve on 127.0.0.1:8000 (`EDGE_HOST`, `EDGE_PORT`)."""
    configure_logging(get_settings().log_level)
    host, port = os.environ.get("EDGE_HOST", "127.0.0.1"), int(os.environ.get("EDGE_PORT", "8000"))
    uvicorn.run(build_app(), host=host, port=port, access_log=False, log_config=None)


if __name__ == "__main__":
    main()
