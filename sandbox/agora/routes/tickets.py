"""AGORA's own `agent/tickets`: a Bearer token of its own; the bot's and the users' are refused."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from sandbox.agora.routes.gate import route_class
from sandbox.agora.service import Agora
from sandbox.agora.tickets import Invalid

TOKEN = "sandbox-agora-tickets"  # noqa: S105  # opens nothing but this sandbox
BASE = "/agora/api/v1/accounts/{account}/agent/tickets"


def build(agora: Agora) -> APIRouter:
    """The routes."""
    router = APIRouter(route_class=route_class(agora))

    @router.post(BASE)
    async def create(account: int, request: Request) -> JSONResponse:
        if refused := _refused(agora.store.account, account, request):
            return refused
        try:
            ticket = agora.tickets.create(await _json(request))
        except Invalid as error:
            return JSONResponse({"success": False, "error": str(error)}, 422)
        return JSONResponse({"success": True, "folio": ticket.folio, "ticket_id": ticket.id}, 201)

    @router.patch(f"{BASE}/{{folio}}")
    async def change(account: int, folio: str, request: Request) -> JSONResponse:
        if refused := _refused(agora.store.account, account, request):
            return refused
        ticket = agora.tickets.find(folio)
        if ticket is None:
            return JSONResponse({"error": "Resource could not be found"}, 404)
        try:
            agora.tickets.change(ticket, await _json(request))
        except Invalid as error:
            return JSONResponse({"success": False, "error": str(error)}, 422)
        return JSONResponse({"success": True, "folio": folio, "ticket_id": ticket.id})

    return router


def _refused(own: int, account: int, request: Request) -> JSONResponse | None:
    given = request.headers.get("authorization")
    if not given:
        return JSONResponse({"errors": ["You need to sign in or sign up before continuing."]}, 401)
    if given != f"Bearer {TOKEN}":
        return JSONResponse({"error": "Invalid Access Token"}, 401)
    if account != own:
        return JSONResponse({"error": "You are not authorized to access this account"}, 401)
    return None


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError as error:
        raise Invalid("body is not JSON") from error
    if not isinstance(body, dict):
        raise Invalid("body is not an object")
    return body
