"""The action server: `python -m runtime.actions`. Speaks Rasa's action protocol; internal, never on the internet.

rasa-sdk's own server answers an error with the request's body in it; this one never repeats what a citizen said.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import os
import pkgutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException

import actions
from actions.base import MariaAction
from runtime.logging import configure_logging
from services.bootstrap import Services, build_services
from services.settings import get_settings

log = structlog.get_logger(__name__)

KEEP_ALIVE = 75  # seconds


def action_classes() -> Iterator[type[MariaAction]]:
    """Every action in `actions/`, found by looking: adding one is adding a file."""
    for module in pkgutil.walk_packages(actions.__path__, "actions."):
        for _, found in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(found, MariaAction) and not inspect.isabstract(found) and found.__module__ == module.name:
                yield found


def build_executor(services: Services) -> ActionExecutor:
    """An executor that knows every action, each built with the services."""
    executor = ActionExecutor()
    for found in action_classes():
        executor.register_action(found(services))
    return executor


def build_app(services: Services | None = None) -> FastAPI:
    """The app; tests pass their own services."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if services is not None:
            app.state.executor = build_executor(services)
            yield
            return
        settings = get_settings()
        held = build_services(settings)
        following = asyncio.create_task(held.clock.follow(settings.clock_url)) if settings.clock_url else None
        app.state.executor = build_executor(held)
        yield
        if following:
            following.cancel()
        await held.close()

    app = FastAPI(title="María: actions", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/webhook")
    async def webhook(request: Request) -> JSONResponse:
        call: dict[str, Any] = await request.json()
        try:
            result = await request.app.state.executor.run(call)
        except ActionNotFoundException as error:
            log.error("unknown_action", action=error.action_name)
            return JSONResponse({"error": "unknown action", "action_name": error.action_name}, 404)
        except Exception as error:  # the process edge: nothing of the message may leak
            log.error("action_crashed", action=call.get("next_action"), error=type(error).__name__, exc_info=True)
            return JSONResponse({"error": "action failed", "action_name": call.get("next_action")}, 500)
        return JSONResponse(result.model_dump() if result else None)

    return app


def main() -> None:
    """Serve on 127.0.0.1:5055 (`ACTIONS_PORT`)."""
    configure_logging(get_settings().log_level)
    port = int(os.environ.get("ACTIONS_PORT", "5055"))
    # Rasa keeps its connections for 15 s; whoever closes first while the other speaks loses an answer
    uvicorn.run(
        build_app(), host="127.0.0.1", port=port, access_log=False, log_config=None, timeout_keep_alive=KEEP_ALIVE
    )


if __name__ == "__main__":
    main()
