"""`GET /` and what the page needs: its files, live events, ready-made photos."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import FileResponse, RedirectResponse, StreamingResponse

from sandbox.aquasis.ledger import Ledger
from sandbox.live import FRESH, stream
from sandbox.phone.samples import sample
from sandbox.world import World

STATIC = Path(__file__).parent / "static"


def build(world: World) -> APIRouter:
    """The routes; nothing here changes the sandbox's state."""
    router, books = APIRouter(), Ledger(world)

    @router.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(STATIC / "index.html", headers=FRESH)

    @router.get("/wa.me/{number}", include_in_schema=False)
    async def back_to_the_chat(number: str, text: str = "") -> RedirectResponse:
        return RedirectResponse(f"/?text={quote(text)}" if text else "/")

    @router.get("/phone/static/{path:path}", include_in_schema=False)
    async def static(path: str) -> FileResponse:
        file = (STATIC / path).resolve()
        if not file.is_relative_to(STATIC) or not file.is_file():
            raise HTTPException(404)
        return FileResponse(file, headers=FRESH)

    @router.get("/phone/samples/{name}")
    async def ready_made(name: str, contract: str = "0052087") -> Response:
        found = await asyncio.to_thread(sample, books, name, contract)
        if found is None:
            raise HTTPException(404)
        mime, content = found
        return Response(content, media_type=mime)

    @router.get("/phone/events")
    async def events(request: Request) -> StreamingResponse:
        return StreamingResponse(stream(world, request), media_type="text/event-stream", headers=FRESH)

    return router
