"""The page's server, for this machine only."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, Field
from starlette.middleware.trustedhost import TrustedHostMiddleware

from bot.sentences.read import Malformed
from services.errors import NotFound
from services.review.service import Review
from workbench.review.groups import group
from workbench.review.training import Rejected, Training

STATIC = Path(__file__).parent / "static"
HOSTS = ["127.0.0.1", "localhost"]  # another name that leads here is somebody else's page
SUGGESTED = 3


class Label(BaseModel):
    """A decision: the wording's messages, their intent, and the wording where the designer changed it."""

    ids: Annotated[list[int], Field(min_length=1, max_length=500)]
    intent: str = Field(max_length=64)
    text: str = Field(max_length=1000)


class Ids(BaseModel):
    """The messages of one wording."""

    ids: Annotated[list[int], Field(min_length=1, max_length=500)]


def _from_our_page(x_review: Annotated[str | None, Header()] = None) -> None:
    """A header that a form on another site cannot send."""
    if x_review != "1":
        raise HTTPException(403)


def build_app(review: Review, training: Training) -> FastAPI:
    """Page and actions."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)
    app.include_router(_actions(review, training))
    app.mount("/static", StaticFiles(directory=STATIC))

    @app.get("/")
    async def page() -> FileResponse:
        policy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        return FileResponse(STATIC / "page.html", headers={"Content-Security-Policy": policy})

    @app.get("/messages")
    async def messages() -> dict[str, Any]:
        groups = group(await review.waiting())
        shown = [{"guess": g.guess, "cards": [_card(c.ids, c.message) for c in g.cards]} for g in groups]
        return {"groups": shown, "intents": training.intents()}

    return app


def _card(ids: list[int], message: Any) -> dict[str, Any]:
    suggested = [{"name": name, "confidence": sure} for name, sure in message.ranking[:SUGGESTED]]
    return {"ids": ids, "text": message.text, "reason": message.reason, "suggested": suggested}


def _actions(review: Review, training: Training) -> APIRouter:
    router = APIRouter(dependencies=[Depends(_from_our_page)])
    one_at_a_time = asyncio.Lock()

    @router.post("/label")
    async def label(body: Label) -> dict[str, str]:
        async with one_at_a_time:
            await _all_open(review, body.ids)
            try:
                written = training.add(body.text, body.intent)
            except (Rejected, Malformed) as why:
                raise HTTPException(409, str(why)) from why
            for number in body.ids:
                await review.settle(number, "labelled", body.intent, written)
        return {"written": written}

    @router.post("/ignore")
    async def ignore(body: Ids) -> dict[str, bool]:
        async with one_at_a_time:
            await _all_open(review, body.ids)
            for number in body.ids:
                await review.settle(number, "ignored")
        return {"ignored": True}

    @router.post("/undo")
    async def undo(body: Ids) -> dict[str, bool]:
        async with one_at_a_time:
            first = await _known(review, body.ids[0])
            if first.status == "labelled":
                try:
                    training.remove(str(first.label), str(first.written))
                except Rejected as why:
                    raise HTTPException(409, str(why)) from why
            for number in body.ids:
                await review.settle(number, "open")
        return {"open": True}

    return router


async def _known(review: Review, number: int) -> Any:
    try:
        return await review.get(number)
    except NotFound as error:
        raise HTTPException(404, "Ese mensaje ya no está.") from error


async def _all_open(review: Review, ids: list[int]) -> None:
    """A click that comes twice labels once."""
    for number in ids:
        if (await _known(review, number)).status != "open":
            raise HTTPException(409, "Ya se había decidido; actualice la página.")
