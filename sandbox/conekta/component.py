"""Conekta's card component for other people's pages: its script, the frame it opens, and `POST /tokens`.

As with the real one, the page around the frame names the public key and gets a token; the card never leaves the frame.
"""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from sandbox.conekta import cards
from sandbox.conekta.checkout import PAGES
from sandbox.conekta.errors import ConektaError
from sandbox.conekta.orders import Book
from sandbox.conekta.wallet import ANSWERS
from sandbox.world import World

HERE = Path(__file__).parent / "pages"
FRESH = {"Cache-Control": "no-store"}


class Answers(BaseModel):
    """What a saved card's bank says from now on; None: what the card's number stands for."""

    answers: str | None = Field(default=None, pattern=f"^({'|'.join(ANSWERS)})$")


class Component:
    """What a browser needs of Conekta to type a card."""

    def __init__(self, book: Book, world: World, base: str, route_class: type[APIRoute]) -> None:
        self._book, self._world, self._base = book, world, base
        self.public_key = os.environ.get("CONEKTA_PUBLIC_KEY", "key_public_sandbox")
        self.router = APIRouter(route_class=route_class)
        add = self.router.add_api_route
        add("/conekta/v1.0/js/conekta-checkout.min.js", self.script, methods=["GET"])
        add("/conekta/component/card", self.frame, methods=["GET"])
        add("/conekta/tokens", self.tokenise, methods=["POST"])
        add("/control/conekta/sources", self.sources, methods=["GET"])
        add("/control/conekta/sources/{source_id}", self.choose, methods=["POST"])

    async def script(self) -> Response:
        """`window.ConektaCheckoutComponents`."""
        return FileResponse(HERE / "component.js", media_type="text/javascript", headers=FRESH)

    async def frame(self) -> Response:
        """The form in the frame."""
        return HTMLResponse(PAGES.get_template("card_frame.html").render(known=cards.KNOWN), headers=FRESH)

    async def tokenise(self, request: Request) -> JSONResponse:
        """With the public key; the private one is refused, for no server may call this."""
        if request.headers.get("authorization") != f"Bearer {self.public_key}":
            raise ConektaError(401, "authentication.invalid_key", "Unrecognized access key.")
        await self._world.faults.delay("conekta", "tokens.create")
        now = self._world.clock.now()
        return JSONResponse(self._book.wallet.tokenise(await request.json(), now.year, now.month))

    async def sources(self) -> list[dict[str, object]]:
        """All saved cards, newest first, for tests and for the bank's page."""
        return [{**source.body(None), "answers": source.answers} for source in self._book.wallet.all_sources()]

    async def choose(self, source_id: str, answers: Answers) -> Answers:
        """Let a saved card run dry, or fill up again."""
        self._book.wallet.source(source_id).answers = answers.answers
        return answers
