"""`GET /` and what the page needs: its files, live events, ready-made photos."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import FileResponse, StreamingResponse

from sandbox.phone.samples import SAMPLES
from sandbox.world import World

STATIC = Path(__file__).parent / "static"
KEEP_ALIVE_SECONDS = 15.0
FRESH = {"Cache-Control": "no-cache"}


def build(world: World) -> APIRouter:
    """The routes; nothing here changes the sandbox's state."""
    router = APIRouter()

    @router.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(STATIC / "index.html", headers=FRESH)

    @router.get("/phone/static/{path:path}", include_in_schema=False)
    async def static(path: str) -> FileResponse:
        file = (STATIC / path).resolve()
        if not file.is_relative_to(STATIC) or not file.is_file():
            raise HTTPException(404)
        return FileResponse(file, headers=FRESH)

    @router.get("/phone/samples/{name}")
    async def sample(name: str, contract: str = "0052087") -> Response:
        if name not in SAMPLES:
            raise HTTPException(404)
        mime, draw = SAMPLES[name]
        content = await asyncio.to_thread(draw, contract)
        return Response(content, media_type=mime)

    @router.get("/phone/events")
    async def events(request: Request) -> StreamingResponse:
        return StreamingResponse(_events(world, request), media_type="text/event-stream", headers=FRESH)

    return router


async def _events(world: World, request: Request) -> AsyncIterator[str]:
    """The feed as server-sent events, with a comment now and then so that a closed page is noticed."""
    yield ": hola\n\n"
    feed = world.feed.listen()
    following = asyncio.ensure_future(anext(feed))
    try:
        while not await request.is_disconnected():
            done, _ = await asyncio.wait({following}, timeout=KEEP_ALIVE_SECONDS)
            if not done:
                yield ": sigo\n\n"
                continue
            yield f"data: {json.dumps(following.result(), ensure_ascii=False, default=str)}\n\n"
            following = asyncio.ensure_future(anext(feed))
    finally:
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
            await following
        await feed.aclose()  # type: ignore[attr-defined]
