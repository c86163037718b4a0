"""`/graph/{version}/…`: the Graph API as María calls it (reference/whatsapp.md, sections 0, 4, 5 and 7)."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.routing import APIRoute
from starlette.datastructures import UploadFile

from sandbox.whatsapp.errors import GraphError
from sandbox.whatsapp.ids import DISPLAY_PHONE, PHONE_NUMBER_ID, TOKEN, WABA_ID
from sandbox.whatsapp.media import Medium
from sandbox.whatsapp.service import WhatsApp

Version = Annotated[str, Path(pattern=r"^v\d+\.\d+$")]
OLDEST = 21


class GraphRoute(APIRoute):
    """Answers a `GraphError` with Meta's envelope."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route's handler."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            except GraphError as error:
                return JSONResponse(error.envelope(), error.status)

        return handle


def authorise(authorization: Annotated[str | None, Header()] = None) -> None:
    """The Bearer token.

    Raises:
        GraphError: 190 (HTTP 401) if it is missing or another.
    """
    if authorization != f"Bearer {os.environ.get('WHATSAPP_TOKEN', TOKEN)}":
        raise GraphError(190, "Error validating access token.")


def supported(version: Version) -> None:
    """Refuse Graph versions that have ended."""
    if int(version[1:].split(".")[0]) < OLDEST:
        raise GraphError(2635, f"You are calling a deprecated version of the API: {version}.")


def same(given: str, ours: str) -> None:
    """The object in the address must be ours (33)."""
    if given != ours:
        details = f"Object with ID '{given}' does not exist or cannot be loaded due to missing permissions."
        raise GraphError(33, details)


def build_graph(whatsapp: WhatsApp) -> APIRouter:
    """The Graph API's routes."""
    router = APIRouter(prefix="/graph", route_class=GraphRoute, dependencies=[Depends(authorise)])
    _messages(router, whatsapp)
    _templates(router, whatsapp)
    _media(router, whatsapp)
    return router


async def _faults(whatsapp: WhatsApp, operation: str) -> None:
    """Latency, time-out and errors that are switched on."""
    await whatsapp.world.faults.delay("graph", operation)
    if fault := whatsapp.world.faults.hit("graph", "error", operation):
        chosen = fault.status if "status" in fault.model_fields_set else None
        raise GraphError(fault.code or 131000, "Switched on in the sandbox.", chosen)


async def _json(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except ValueError:
        raise GraphError(100, "The body is not JSON.") from None


def _messages(router: APIRouter, whatsapp: WhatsApp) -> None:
    @router.post("/{version}/{number}/messages", dependencies=[Depends(supported)])
    async def messages(number: str, request: Request) -> Response:
        same(number, PHONE_NUMBER_ID)
        await _faults(whatsapp, "messages")
        answer = whatsapp.sending.take(await _json(request))
        if whatsapp.world.faults.hit("graph", "drop", "messages"):
            return StreamingResponse(_cut(), headers={"Content-Length": "1000"})
        return JSONResponse(answer)


async def _cut() -> AsyncIterator[bytes]:
    """The message has gone, and the answer breaks off."""
    yield b"{"
    await asyncio.sleep(0)
    raise ConnectionResetError("dropped by the sandbox")


def _templates(router: APIRouter, whatsapp: WhatsApp) -> None:
    @router.get("/{version}/{waba}/message_templates", dependencies=[Depends(supported)])
    async def listed(waba: str, name: str | None = None, limit: int = 250) -> dict[str, Any]:
        same(waba, WABA_ID)
        return {"data": [t.wire() for t in whatsapp.templates.listed(name)][:limit], "paging": {}}

    @router.post("/{version}/{waba}/message_templates", dependencies=[Depends(supported)])
    async def create(waba: str, request: Request) -> dict[str, Any]:
        same(waba, WABA_ID)
        template = whatsapp.templates.create(await _json(request))
        return {"id": template.id, "status": template.status, "category": template.category}


def _media(router: APIRouter, whatsapp: WhatsApp) -> None:
    store = whatsapp.media

    def find(media_id: str) -> Medium:
        medium = store.get(media_id)
        if medium is None:
            details = f"Object with ID '{media_id}' does not exist."
            raise GraphError(100, details)
        return medium

    @router.post("/{version}/{number}/media", dependencies=[Depends(supported)])
    async def upload(number: str, request: Request) -> dict[str, str]:
        same(number, PHONE_NUMBER_ID)
        await _faults(whatsapp, "media")
        form = await request.form()
        file = form.get("file")
        if form.get("messaging_product") != "whatsapp" or not isinstance(file, UploadFile):
            raise GraphError(100, "Params messaging_product and file are required.")
        mime = str(form.get("type") or file.content_type or "")
        return {"id": store.upload(await file.read(), mime, file.filename).id}

    @router.get("/media/{key}")
    async def download(key: str) -> Response:
        await _faults(whatsapp, "download")
        medium = store.by_url(key)
        return Response(medium.content, media_type=medium.mime) if medium else Response(status_code=404)

    @router.get(f"/{{version}}/{PHONE_NUMBER_ID}", dependencies=[Depends(supported)])
    async def number() -> dict[str, str]:
        facts = {"verified_name": "CEA Querétaro", "display_phone_number": DISPLAY_PHONE}
        return {"id": PHONE_NUMBER_ID, "quality_rating": "GREEN", **facts}

    @router.get("/{version}/{media_id}", dependencies=[Depends(supported)])
    async def where(media_id: str, request: Request, phone_number_id: str | None = None) -> dict[str, Any]:
        same(phone_number_id or PHONE_NUMBER_ID, PHONE_NUMBER_ID)
        await _faults(whatsapp, "media")
        medium = find(media_id)
        url = f"{request.base_url}graph/media/{store.open_url(medium)}"
        facts = {
            "url": url,
            "mime_type": medium.mime,
            "sha256": medium.sha256,
            "file_size": len(medium.content),
        }
        return {**facts, "id": medium.id, "messaging_product": "whatsapp"}

    @router.delete("/{version}/{media_id}", dependencies=[Depends(supported)])
    async def delete(media_id: str) -> dict[str, bool]:
        store.delete(find(media_id).id)
        return {"success": True}
