"""The feed as server-sent events, for the pages."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Collection

from fastapi import Request

from sandbox.world import World

KEEP_ALIVE_SECONDS = 15.0
FRESH = {"Cache-Control": "no-cache"}


async def stream(world: World, request: Request, kinds: Collection[str] | None = None) -> AsyncIterator[str]:
    """Events of these kinds (None: all), with a comment now and then so that a closed page is noticed."""
    yield ": hola\n\n"
    feed = world.feed.listen()
    following = asyncio.ensure_future(anext(feed))
    try:
        while not await request.is_disconnected():
            done, _ = await asyncio.wait({following}, timeout=KEEP_ALIVE_SECONDS)
            if not done:
                yield ": sigo\n\n"
                continue
            event = following.result()
            following = asyncio.ensure_future(anext(feed))
            if kinds is None or event["type"] in kinds:
                yield f"data: {json.dumps(event, ensure_ascii=False, default=str)}\n\n"
    finally:
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
            await following
        await feed.aclose()  # type: ignore[attr-defined]
