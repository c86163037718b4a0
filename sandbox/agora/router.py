"""`/agora/api/v1/accounts/{account}/agent/tickets`, the page `/agora/`, and `/control/agora/tickets`."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from sandbox.agora.tickets import Invalid, Ticket, Tickets
from sandbox.world import World

ACCOUNT = 2
TOKEN = "sandbox-agora-tickets"  # noqa: S105  # opens nothing but this sandbox
PAGE = Path(__file__).parent / "page.html"
BASE = "/agora/api/v1/accounts/{account}/agent/tickets"


def build(world: World) -> APIRouter:
    """The routes."""
    router, tickets = APIRouter(), Tickets(world)

    @router.post(BASE)
    async def create(account: int, request: Request) -> JSONResponse:
        await world.faults.delay("agora", "tickets")
        if broken := world.faults.hit("agora", "error", "tickets"):
            return JSONResponse({"error": "Internal Server Error"}, broken.status)
        if refused := _refused(account, request):
            return refused
        try:
            ticket = tickets.create(await _json(request))
        except Invalid as error:
            return JSONResponse({"success": False, "error": str(error)}, 422)
        if world.faults.hit("agora", "drop", "tickets"):  # it was kept, the answer is lost
            return JSONResponse({"error": "Gateway Time-out"}, 504)
        return JSONResponse({"success": True, "folio": ticket.folio, "ticket_id": ticket.id}, 201)

    @router.patch(f"{BASE}/{{folio}}")
    async def change(account: int, folio: str, request: Request) -> JSONResponse:
        if refused := _refused(account, request):
            return refused
        ticket = tickets.find(folio)
        if ticket is None:
            return JSONResponse({"error": "Resource could not be found"}, 404)
        try:
            tickets.change(ticket, await _json(request))
        except Invalid as error:
            return JSONResponse({"success": False, "error": str(error)}, 422)
        return JSONResponse({"success": True, "folio": folio, "ticket_id": ticket.id})

    _watching(router, tickets)
    return router


def _watching(router: APIRouter, tickets: Tickets) -> None:
    """Looking at what was made; not part of AGORA's API."""

    @router.get("/control/agora/tickets")
    async def listed() -> list[dict[str, Any]]:
        return [t.view() for t in tickets.made]

    @router.get("/agora/", response_class=HTMLResponse)
    async def page() -> str:
        rows = "".join(_row(t) for t in reversed(tickets.made)) or '<p class="empty">Todavía no hay casos.</p>'
        return PAGE.read_text(encoding="utf-8").replace("<!-- rows -->", rows)


def _refused(account: int, request: Request) -> JSONResponse | None:
    """The bot's and the user's tokens are refused here."""
    given = request.headers.get("authorization")
    if not given:
        return JSONResponse({"errors": ["You need to sign in or sign up before continuing."]}, 401)
    if given != f"Bearer {TOKEN}":
        return JSONResponse({"error": "Invalid Access Token"}, 401)
    if account != ACCOUNT:
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


def _row(ticket: Ticket) -> str:
    body = ticket.body
    place = (body.get("metadata") or {}).get("ubicacion")
    facts = [body.get("contract_number") and f"Contrato {body['contract_number']}", place]
    shown = " · ".join(escape(str(f)) for f in facts if f)
    urgency = escape(str(body.get("priority", "medium")))
    return (
        f'<article class="{urgency}"><h2>{escape(ticket.folio)} <small>{escape(ticket.status)}</small></h2>'
        f"<h3>{escape(str(body['title']))}</h3><p>{escape(str(body['description']))}</p><footer>{shown}</footer></article>"
    )
