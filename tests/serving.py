"""An app on a real socket, for tests that need a browser or a second process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import uvicorn
from fastapi import FastAPI

from tests.engines import free_port


@asynccontextmanager
async def served(app: FastAPI, port: int | None = None) -> AsyncIterator[str]:
    """Its address, for as long as it answers there; on a free port unless the app has to know its own.

    Raises:
        OSError: it did not come up, e.g. because somebody else has the port.
    """
    port = port or free_port()
    config = uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=1, lifespan="on")
    server = uvicorn.Server(config)
    running = asyncio.ensure_future(server.serve())
    while not server.started:
        if running.done():
            raise OSError(f"no app on port {port}")
        await asyncio.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await running
