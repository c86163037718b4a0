"""AGORA's own `agent/tickets`, the inbox, the page `/agora/`, and `/control/agora/…`."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from sandbox.agora.access import ACCOUNT
from sandbox.agora.desk import Conversation, Desk
from sandbox.agora.inbox import Inbox
from sandbox.agora.tickets import Invalid, Ticket, Tickets
from sandbox.world import World

TOKEN = "sandbox-agora-tickets"  # noqa: S105  # opens nothing but this sandbox
SHOWN = 12
PAGE = Path(__file__).parent / "page.html"
BASE = "/agora/api/v1/accounts/{account}/agent/tickets"


def build(world: World) -> APIRouter:
    """The routes."""
    router, tickets, desk = APIRouter(), Tickets(world), Desk(world)
    router.include_router(Inbox(desk).router)

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

    _watching(router, tickets, desk)
    return router


def _watching(router: APIRouter, tickets: Tickets, desk: Desk) -> None:
    """Looking at what was made; not part of AGORA's API."""

    @router.get("/control/agora/tickets")
    async def listed() -> list[dict[str, Any]]:
        return [t.view() for t in tickets.made]

    @router.get("/control/agora/conversations")
    async def conversations() -> list[dict[str, Any]]:
        return [{**c.view(ACCOUNT), "messages": c.messages} for c in desk.conversations.values()]

    @router.get("/agora/files/{number}")
    async def attachment(number: int) -> Response:
        content, mime = desk.files.get(number, (b"", ""))
        return Response(content, media_type=mime) if mime else Response(status_code=404)

    @router.get("/agora/", response_class=HTMLResponse)
    async def page() -> str:
        rows = "".join(_row(t) for t in reversed(tickets.made)) or '<p class="empty">Todavía no hay casos.</p>'
        talks = "".join(_talk(c) for c in reversed(desk.conversations.values()))
        text = PAGE.read_text(encoding="utf-8").replace("<!-- rows -->", rows)
        return text.replace("<!-- talks -->", talks or '<p class="empty">Todavía no hay conversaciones.</p>')


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


def _talk(conversation: Conversation) -> str:
    """A conversation with its last messages; a private note is marked as one."""
    names = {"open": "abierta", "pending": "con María", "resolved": "resuelta", "snoozed": "pospuesta"}
    who = escape(str(conversation.contact.fields.get("name") or "Sin nombre"))
    lines = "".join(_message(m) for m in conversation.messages[-SHOWN:])
    labels = " · ".join(escape(label) for label in conversation.labels)
    urgency = escape(conversation.priority or "")
    return (
        f'<article class="{urgency}"><h2>{who} <small>#{conversation.display} {names[conversation.status]}</small></h2>'
        f"{lines}<footer>{labels}</footer></article>"
    )


def _message(message: dict[str, Any]) -> str:
    kind = "note" if message["private"] else ("in" if message["message_type"] == 0 else "out")
    files = "".join(f' <a href="{a["data_url"]}">{escape(a["file_type"])}</a>' for a in message.get("attachments", []))
    return f'<p class="{kind}">{escape(message["content"])}{files}</p>'
