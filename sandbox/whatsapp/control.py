"""`/control/whatsapp/…`: looking at what María sent, and acting as a citizen. Not part of Meta's API."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, Field

from sandbox.whatsapp.citizen import Inbound, act
from sandbox.whatsapp.ids import contact_key
from sandbox.whatsapp.service import WhatsApp


class Absent(BaseModel):
    """Somebody who has no WhatsApp: messages to them are refused with 131026."""

    to: str


class Window(BaseModel):
    """Pretend that somebody last wrote so many hours ago."""

    to: str
    hours_ago: Annotated[float, Field(ge=0)]


def build_control(whatsapp: WhatsApp) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/control/whatsapp")
    chats = whatsapp.chats
    _watching(router, whatsapp)

    @router.post("/inbound")
    async def inbound(action: Inbound, request: Request) -> dict[str, str]:
        try:
            return {"id": act(whatsapp, action, str(request.base_url))}
        except ValueError as error:
            raise HTTPException(422, str(error)) from error

    @router.post("/absent")
    async def absent(body: Absent) -> dict[str, bool]:
        chats.absent.add(contact_key(body.to))
        return {"absent": True}

    @router.post("/window")
    async def window(body: Window) -> dict[str, bool]:
        chat = chats.chat(body.to)
        chat.last_inbound = whatsapp.world.clock.now() - timedelta(hours=body.hours_ago)
        return {"open": chats.window_open(chat)}

    return router


def _watching(router: APIRouter, whatsapp: WhatsApp) -> None:
    chats = whatsapp.chats

    @router.get("/sent")
    async def sent(to: str | None = None) -> list[dict[str, Any]]:
        if to is None:
            return chats.sent
        chat = chats.by_key.get(contact_key(to))
        return chat.sent if chat else []

    @router.get("/marks")
    async def marks(to: str | None = None) -> list[dict[str, Any]]:
        if to is None:
            return chats.marks
        chat = chats.by_key.get(contact_key(to))
        return chat.marks if chat else []

    @router.get("/chats")
    async def overview() -> list[dict[str, Any]]:
        return [
            {"key": c.key, "wa_id": c.wa_id, "user_id": c.user_id, "name": c.name, "lines": len(c.lines)}
            for c in chats.by_key.values()
        ]

    @router.get("/thread")
    async def thread(person: str) -> dict[str, Any]:
        chat = chats.by_key.get(contact_key(person))
        is_open = chats.window_open(chat) if chat else True
        return {"lines": [line.view() for line in chat.lines] if chat else [], "window_open": is_open}

    @router.get("/webhooks")
    async def webhooks() -> dict[str, int]:
        hooks = whatsapp.webhooks
        return {
            "delivered": hooks.delivered,
            "failed_attempts": hooks.failed_attempts,
            "waiting": hooks.waiting,
        }

    @router.get("/media/{media_id}")
    async def medium(media_id: str) -> Response:
        found = whatsapp.media.get(media_id)
        if found is None:
            raise HTTPException(404)
        return Response(found.content, media_type=found.mime)
