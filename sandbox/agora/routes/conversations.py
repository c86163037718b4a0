"""`/conversations…`: open, find, and everything that is done with one but its messages."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from sandbox.agora.access import Caller, Refusal
from sandbox.agora.account import Agent, Json, Team
from sandbox.agora.filters import CONVERSATION, chosen, conversation_value
from sandbox.agora.model import Conversation
from sandbox.agora.routes.gate import BASE, Gate, body_of, page_of, route_class
from sandbox.agora.service import Agora
from sandbox.agora.views import conversation_view

A_PAGE = 25
ONE = "/conversations/{display}"


def build(agora: Agora) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix=BASE, route_class=route_class(agora))
    _finding(router, agora, Gate(agora))
    _state(router, agora, Gate(agora))
    _details(router, agora, Gate(agora))
    return router


def _counts(rows: list[Conversation], caller: Caller) -> dict[str, int]:
    """What the tabs of the dashboard say."""
    return {
        "mine_count": sum(c.assignee is caller.who for c in rows),
        "assigned_count": sum(c.assignee is not None for c in rows),
        "unassigned_count": sum(c.assignee is None for c in rows),
        "all_count": len(rows),
    }


def _wanted(agora: Agora, query: Any) -> list[Conversation]:
    """By status (open unless said), source, inbox, team, labels, words and recent change; newest activity first."""
    status, labels = query.get("status") or "open", query.getlist("labels") + query.getlist("labels[]")
    since = agora.store.now() - float(query["updated_within"]) if query.get("updated_within") else None

    def fits(c: Conversation) -> bool:
        return all(
            (
                status in ("all", c.status),
                query.get("source_id") in (None, "", c.source_id),
                query.get("inbox_id") in (None, "", str(agora.store.directory.inbox.id)),
                query.get("team_id") in (None, "") or (c.team is not None and str(c.team.id) == query["team_id"]),
                not labels or bool(set(labels) & set(c.labels)),
                since is None or max(c.updated_at, c.last_activity_at) >= since,
                not query.get("q") or any(query["q"].casefold() in (m.content or "").casefold() for m in c.messages),
            )
        )

    return sorted(filter(fits, agora.store.conversations.values()), key=lambda c: -c.last_activity_at)


def _mine(rows: list[Conversation], kind: str, caller: Caller) -> list[Conversation]:
    if kind == "me":
        return [c for c in rows if c.assignee is caller.who]
    if kind in ("assigned", "unassigned"):
        return [c for c in rows if (c.assignee is not None) == (kind == "assigned")]
    return rows


def _finding(router: APIRouter, agora: Agora, gate: Gate) -> None:
    store = agora.store

    @router.post("/conversations")
    async def create(account: int, request: Request) -> Json:
        caller = gate.admit(request, account, bots=True)
        return conversation_view(store, agora.conversations.open(await body_of(request), caller))

    @router.get("/conversations")
    async def listed(account: int, request: Request) -> Json:
        caller, query = gate.admit(request, account), request.query_params
        rows = _wanted(agora, query)
        shown = _mine(rows, query.get("assignee_type", "all"), caller)
        if not query.get("updated_within"):
            page = page_of(query.get("page", "1"))
            shown = shown[(page - 1) * A_PAGE : page * A_PAGE]
        return {"data": {"meta": _counts(rows, caller), "payload": [conversation_view(store, c) for c in shown]}}

    @router.get("/conversations/meta")
    async def meta(account: int, request: Request) -> Json:
        caller = gate.admit(request, account)
        return {"meta": _counts(_wanted(agora, request.query_params), caller)}

    @router.post("/conversations/filter")
    async def filtered(account: int, request: Request, page: str = "1") -> Json:
        caller = gate.admit(request, account)
        custom = {a.key for a in store.directory.attributes if a.model == "conversation"}
        rules = (await body_of(request)).get("payload")
        rows = chosen(store.conversations.values(), rules, CONVERSATION, custom, conversation_value)
        rows.sort(key=lambda c: -c.last_activity_at)
        shown = rows[(page_of(page) - 1) * A_PAGE : page_of(page) * A_PAGE]
        return {"data": {"meta": _counts(rows, caller), "payload": [conversation_view(store, c) for c in shown]}}

    @router.get(ONE)
    async def show(account: int, display: int, request: Request) -> Json:
        gate.reader(request, account)
        return conversation_view(store, store.conversation(display))

    @router.patch(ONE)
    async def change(account: int, display: int, request: Request) -> Json:
        """Only the priority; `status` is answered with 200 and ignored (agora.md section 0)."""
        gate.admit(request, account, bots=True)
        conversation, body = store.conversation(display), await body_of(request)
        if "priority" in body:
            agora.conversations.prioritise(conversation, body["priority"])
        return conversation_view(store, conversation)


def _state(router: APIRouter, agora: Agora, gate: Gate) -> None:
    store = agora.store

    @router.post(f"{ONE}/toggle_status")
    async def toggle_status(account: int, display: int, request: Request) -> Json:
        caller = gate.admit(request, account, bots=True)
        conversation, body = store.conversation(display), await body_of(request)
        until = body.get("snoozed_until")
        success = agora.conversations.toggle_status(conversation, caller, body.get("status"), until)
        known = {"current_status": conversation.status, "snoozed_until": conversation.snoozed_until}
        return {"meta": {}, "payload": {"success": success, "conversation_id": display, **known}}

    @router.post(f"{ONE}/toggle_priority")
    async def toggle_priority(account: int, display: int, request: Request) -> Response:
        gate.admit(request, account, bots=True)
        agora.conversations.prioritise(store.conversation(display), (await body_of(request)).get("priority"))
        return Response(status_code=200)

    @router.post(f"{ONE}/toggle_typing_status")
    async def typing(account: int, display: int, request: Request) -> Response:
        caller = gate.admit(request, account, bots=True)
        conversation, body = store.conversation(display), await body_of(request)
        if body.get("typing_status") in ("on", "off"):
            agora.events.typing(conversation, caller.who, body["typing_status"] == "on", bool(body.get("is_private")))
        return Response(status_code=200)

    @router.post(f"{ONE}/update_last_seen")
    async def seen(account: int, display: int, request: Request) -> Json:
        gate.admit(request, account)
        agora.conversations.see(store.conversation(display))
        return conversation_view(store, store.conversation(display))

    @router.post(f"{ONE}/unread")
    async def unread(account: int, display: int, request: Request) -> Json:
        gate.admit(request, account)
        agora.conversations.see(store.conversation(display), unread_again=True)
        return conversation_view(store, store.conversation(display))


def _details(router: APIRouter, agora: Agora, gate: Gate) -> None:
    store = agora.store

    @router.post(f"{ONE}/assignments")
    async def assign(account: int, display: int, request: Request) -> Response:
        caller = gate.admit(request, account, bots=True)
        who = agora.conversations.assign(store.conversation(display), await body_of(request), caller)
        if isinstance(who, Team):
            return JSONResponse(who.view(account, caller.who.id))
        return JSONResponse(who.row(account) if isinstance(who, Agent) else who and who.view())

    @router.get(f"{ONE}/labels")
    async def labels(account: int, display: int, request: Request) -> Json:
        gate.reader(request, account)
        return {"payload": store.conversation(display).labels}

    @router.post(f"{ONE}/labels")
    async def set_labels(account: int, display: int, request: Request) -> Json:
        gate.reader(request, account)
        conversation, body = store.conversation(display), await body_of(request)
        if not isinstance(body.get("labels") or [], list):
            raise Refusal(500, {})
        return {"payload": agora.conversations.label(conversation, body.get("labels"))}

    @router.post(f"{ONE}/custom_attributes")
    async def attributes(account: int, display: int, request: Request) -> Json:
        gate.admit(request, account, bots=True)
        conversation, body = store.conversation(display), await body_of(request)
        return {"custom_attributes": agora.conversations.attributes(conversation, body.get("custom_attributes"))}
