"""`/inboxes…` and `/inbox_members…`: one API inbox, whose settings can be changed (agora.md section 3)."""

from __future__ import annotations

import secrets

from fastapi import APIRouter, Request, Response

from sandbox.agora.access import Caller, invalid, missing
from sandbox.agora.account import InboxSettings, Json
from sandbox.agora.routes.gate import BASE, Gate, body_of, route_class
from sandbox.agora.service import Agora
from sandbox.agora.store import Store
from sandbox.agora.views import CHANNEL

SWITCHES = ("csat_survey_enabled", "enable_auto_assignment", "lock_to_single_conversation", "working_hours_enabled")
LONGEST_URL = 2048


def working_hours(inbox: InboxSettings) -> list[Json]:
    """Monday to Friday; day 0 is Sunday."""
    (opens, opens_m), (closes, closes_m) = (map(int, t.split(":")) for t in (inbox.opens, inbox.closes))
    open_day = {"open_hour": opens, "open_minutes": opens_m, "close_hour": closes, "close_minutes": closes_m}
    shut_day = dict.fromkeys(open_day)
    return [
        {
            "day_of_week": day,
            "closed_all_day": day in (0, 6),
            **(shut_day if day in (0, 6) else open_day),
            "open_all_day": False,
        }
        for day in range(7)
    ]


def inbox_view(store: Store, caller: Caller) -> Json:
    """The inbox; its secrets for administrators only."""
    inbox = store.directory.inbox
    window: Json = {"agent_reply_time_window": inbox.reply_window_hours, "message_templates": inbox.templates}
    window["agent_reply_time_window_message"] = inbox.reply_window_message
    shown = {name: getattr(inbox, name) for name in SWITCHES}
    shown |= {"id": inbox.id, "avatar_url": "", "channel_id": inbox.id, "name": inbox.name, "channel_type": CHANNEL}
    shown |= {
        "greeting_enabled": False,
        "greeting_message": None,
        "out_of_office_message": "",
        "timezone": inbox.timezone,
    }
    shown |= {"working_hours": working_hours(inbox), "allow_messages_after_resolved": True, "provider": None}
    shown |= {"auto_assignment_config": {}, "enable_email_collect": False, "sender_name_type": "friendly"}
    shown |= {"business_name": None, "hmac_mandatory": False, "inbox_identifier": inbox.identifier}
    shown |= {"webhook_url": inbox.webhook_url, "additional_attributes": {k: v for k, v in window.items() if v}}
    return {**shown, "secret": inbox.secret, "hmac_token": inbox.hmac_token} if caller.admin else shown


def build(agora: Agora) -> APIRouter:
    """The routes."""
    router, gate = APIRouter(prefix=BASE, route_class=route_class(agora)), Gate(agora)
    _inbox(router, agora, gate)
    _members(router, agora, gate)
    return router


def _inbox(router: APIRouter, agora: Agora, gate: Gate) -> None:
    store = agora.store

    @router.get("/inboxes")
    async def listed(account: int, request: Request) -> Json:
        return {"payload": [inbox_view(store, gate.admit(request, account))]}

    @router.get("/inboxes/{inbox_id}")
    async def show(account: int, inbox_id: int, request: Request) -> Json:
        caller = gate.admit(request, account)
        _known(store, inbox_id)
        return inbox_view(store, caller)

    @router.patch("/inboxes/{inbox_id}")
    async def change(account: int, inbox_id: int, request: Request) -> Json:
        caller = gate.admit(request, account, admin=True)
        _known(store, inbox_id)
        apply(store.directory.inbox, await body_of(request))
        return inbox_view(store, caller)

    @router.post("/inboxes/{inbox_id}/reset_secret")
    async def reset_secret(account: int, inbox_id: int, request: Request) -> Json:
        caller = gate.admit(request, account, admin=True)
        _known(store, inbox_id)
        store.directory.inbox.secret = secrets.token_hex(16)
        return inbox_view(store, caller)

    @router.post("/inboxes/{inbox_id}/set_agent_bot")
    async def set_bot(account: int, inbox_id: int, request: Request) -> Response:
        gate.admit(request, account, admin=True)
        _known(store, inbox_id)
        wanted = (await body_of(request)).get("agent_bot")
        if wanted not in (None, store.directory.bot.id):
            raise missing()
        store.directory.inbox.bot_id = wanted
        return Response(status_code=200)

    @router.get("/inboxes/{inbox_id}/agent_bot")
    async def bot(account: int, inbox_id: int, request: Request) -> Json:
        gate.admit(request, account)
        _known(store, inbox_id)
        known = store.directory.bot
        return {"agent_bot": {"id": known.id, "name": known.name} if store.directory.inbox.bot_id else None}


def apply(inbox: InboxSettings, body: Json) -> None:
    """Change what is named; `channel.additional_attributes` is replaced as a whole.

    Raises:
        Refusal: 422 for an address that is too long.
    """
    for name in SWITCHES:
        if name in body:
            setattr(inbox, name, body[name] in (True, "true", 1))
    inbox.name, inbox.timezone = str(body.get("name") or inbox.name), str(body.get("timezone") or inbox.timezone)
    channel = body.get("channel") or {}
    if len(str(channel.get("webhook_url") or "")) > LONGEST_URL:
        raise invalid("webhook_url", f"Webhook url is too long (maximum is {LONGEST_URL} characters)")
    inbox.webhook_url = str(channel.get("webhook_url", inbox.webhook_url) or "")
    if isinstance(more := channel.get("additional_attributes"), dict):
        hours = more.get("agent_reply_time_window")
        inbox.reply_window_hours = int(str(hours)) if str(hours).isdecimal() else None
        inbox.reply_window_message = str(more.get("agent_reply_time_window_message") or "")
        inbox.templates = list(more.get("message_templates") or [])


def _members(router: APIRouter, agora: Agora, gate: Gate) -> None:
    store = agora.store

    @router.get("/inbox_members/{inbox_id}")
    async def members(account: int, inbox_id: int, request: Request) -> Json:
        gate.admit(request, account)
        _known(store, inbox_id)
        directory = store.directory
        return {"payload": [a.row(account) for a in directory.agents if a.id in directory.inbox.members]}

    @router.api_route("/inbox_members", methods=["POST", "PATCH"])
    async def set_members(account: int, request: Request) -> Json:
        """POST adds, PATCH replaces."""
        gate.admit(request, account, admin=True)
        body, inbox = await body_of(request), store.directory.inbox
        _known(store, body.get("inbox_id"))
        wanted = [n for n in body.get("user_ids") or [] if store.directory.agent(n)]
        inbox.members = sorted({*(inbox.members if request.method == "POST" else ()), *wanted})
        return await members(account, inbox.id, request)


def _known(store: Store, inbox_id: object) -> None:
    if inbox_id != store.directory.inbox.id:
        raise missing()
