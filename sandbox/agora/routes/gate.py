"""What every call goes through: tokens, faults, refusals, bodies."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.datastructures import UploadFile

from sandbox.agora.access import Caller, Refusal, allow, identify
from sandbox.agora.account import Json
from sandbox.agora.messages import File
from sandbox.agora.service import Agora

BASE = "/agora/api/v1/accounts/{account}"


def operation(path: str) -> str:
    """The last part of a path that is a word: what faults are set for."""
    return next(p for p in reversed(path.split("/")) if p and not p.isdecimal())


def route_class(agora: Agora) -> type[APIRoute]:
    """A route that turns a `Refusal` into its answer and applies the switched-on faults on `agora`.

    `drop`: it is done, but the answer is lost on the way back (504).
    """

    class Route(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Any]:
            handle, faults = super().get_route_handler(), agora.world.faults

            async def wrapped(request: Request) -> Response:
                name = operation(request.url.path)
                await faults.delay("agora", name)
                if hit := faults.hit("agora", "error", name):
                    return JSONResponse({"error": "Internal Server Error"}, hit.status)
                try:
                    answer: Response = await handle(request)
                except Refusal as refusal:
                    return JSONResponse(refusal.body, refusal.status)
                except RequestValidationError:  # an id that is no number
                    return JSONResponse({"error": "Resource could not be found"}, 404)
                if faults.hit("agora", "drop", name):
                    return JSONResponse({"error": "Gateway Time-out"}, 504)
                return answer

            return wrapped

    return Route


class Gate:
    """Admits callers."""

    def __init__(self, agora: Agora) -> None:
        self.agora = agora

    def admit(self, request: Request, account: int, *, bots: bool = False, admin: bool = False) -> Caller:
        """The caller, who may do this.

        Raises:
            Refusal: 401.
        """
        store = self.agora.store
        caller = identify(request, store.directory, drop_underscores=store.behaviour.drop_underscores)
        allow(caller, store.directory, account, bots=bots, admin=admin)
        return caller

    def reader(self, request: Request, account: int) -> Caller:
        """A bot may read conversations and labels since 4.14.2."""
        return self.admit(request, account, bots=self.agora.store.behaviour.since("4.14.2"))


async def body_of(request: Request) -> Json:
    """The JSON object, or the form's fields; anything else counts as nothing, as Rails has it."""
    return (await parts_of(request))[0]


async def parts_of(request: Request) -> tuple[Json, list[File]]:
    """Fields and files. `content_attributes` and others travel as JSON text in a form."""
    if not request.headers.get("content-type", "").startswith(("multipart/", "application/x-www-form")):
        try:
            body = await request.json()
        except ValueError:
            return {}, []
        return (body if isinstance(body, dict) else {}), []
    form = await request.form()
    fields: Json = {k: v for k, v in form.multi_items() if isinstance(v, str)}
    for name in ("content_attributes", "template_params"):
        if name in fields:
            fields[name] = _parsed(fields[name])
    files = [
        (part.filename or "archivo", part.content_type or "application/octet-stream", await part.read())
        for name, part in form.multi_items()
        if name == "attachments[]" and isinstance(part, UploadFile)
    ]
    return fields, files


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise Refusal(422, {"error": f"{type(error).__name__}: unexpected token"}) from error


def page_of(value: Any) -> int:
    """A page number; nonsense is the first."""
    return max(1, int(value)) if str(value).isdecimal() else 1
