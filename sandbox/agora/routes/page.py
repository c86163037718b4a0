"""The agents' page, the files that messages carry, and `/control/agora/…` for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import FileResponse, RedirectResponse, StreamingResponse
from pydantic import BaseModel

from sandbox.agora.account import Json
from sandbox.agora.service import Agora
from sandbox.agora.store import Behaviour
from sandbox.live import FRESH, stream

STATIC = Path(__file__).parents[1] / "static"
SHOWN = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "application/pdf", "audio/", "video/")
FILES = "/agora/rails/active_storage"


class Presence(BaseModel):
    """Whether an agent is there."""

    availability: Literal["online", "busy", "offline"]


def build(agora: Agora) -> APIRouter:
    """The routes; none of them is AGORA's API, apart from the files."""
    router = APIRouter()
    _files(router, agora)
    _page(router, agora)
    _control(router, agora)
    return router


def _files(router: APIRouter, agora: Agora) -> None:
    @router.get(f"{FILES}/blobs/redirect/{{key}}/{{name}}")
    async def redirect(key: str, name: str) -> RedirectResponse:
        if key not in agora.store.files:
            raise HTTPException(404)
        return RedirectResponse(f"{FILES}/disk/{key}", 302)

    @router.get(f"{FILES}/disk/{{key}}")
    async def disk(key: str) -> Response:
        """Only pictures, sound, video and PDF open in the browser; a page that somebody sent is never run."""
        file = agora.store.files.get(key)
        if file is None:
            raise HTTPException(404)
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
        if not file.mime.startswith(SHOWN):
            headers["Content-Disposition"] = "attachment"
        return Response(file.content, media_type=file.mime, headers=headers)


def _page(router: APIRouter, agora: Agora) -> None:
    @router.get("/agora/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(STATIC / "index.html", headers=FRESH)

    @router.get("/agora/static/{path:path}", include_in_schema=False)
    async def static(path: str) -> FileResponse:
        file = (STATIC / path).resolve()
        if not file.is_relative_to(STATIC) or not file.is_file():
            raise HTTPException(404)
        return FileResponse(file, headers=FRESH)

    @router.get("/agora/session")
    async def session() -> list[Json]:
        """Who can sit at the page, with their tokens: the sandbox asks nobody for a password."""
        people = [a for a in agora.store.directory.agents if a.person]
        return [{**a.row(agora.store.account), "access_token": a.secret} for a in people]

    @router.get("/agora/events")
    async def events(request: Request) -> StreamingResponse:
        wanted = ("agora", "agora.contact", "ticket", "reset")
        return StreamingResponse(stream(agora.world, request, wanted), media_type="text/event-stream", headers=FRESH)


def _control(router: APIRouter, agora: Agora) -> None:
    prefix = "/control/agora"

    @router.get(f"{prefix}/tickets")
    async def tickets() -> list[Json]:
        return [t.view() for t in agora.tickets.made]

    @router.get(f"{prefix}/conversations")
    async def conversations() -> list[Json]:
        return agora.everything()

    @router.get(f"{prefix}/contacts")
    async def contacts() -> list[Json]:
        return agora.people()

    @router.get(f"{prefix}/ratings")
    async def ratings() -> list[Json]:
        return [agora.survey.row(r) for r in agora.store.ratings]

    @router.get(f"{prefix}/deliveries")
    async def deliveries() -> list[Json]:
        """What was sent to webhooks, oldest first, and what went wrong."""
        return list(agora.webhooks.log)

    @router.get(f"{prefix}/behaviour")
    async def behaviour() -> Behaviour:
        return agora.store.behaviour

    @router.post(f"{prefix}/behaviour")
    async def behave(wanted: Behaviour) -> Behaviour:
        agora.store.behaviour = wanted
        return wanted

    @router.post(f"{prefix}/agents/{{agent_id}}")
    async def presence(agent_id: int, wanted: Presence) -> Json:
        agent = agora.store.directory.agent(agent_id)
        if agent is None:
            raise HTTPException(404)
        agent.availability = wanted.availability
        return agent.row(agora.store.account)
