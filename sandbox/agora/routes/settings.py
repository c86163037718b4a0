"""The account's people and settings: agents, teams, labels, canned replies, inboxes, bots, webhooks, profile."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from sandbox.agora.access import Refusal, identify, invalid, missing
from sandbox.agora.account import Agent, Attribute, Canned, Json, Label
from sandbox.agora.model import iso
from sandbox.agora.routes.gate import BASE, Gate, body_of, page_of, route_class
from sandbox.agora.service import Agora
from sandbox.agora.store import Store
from sandbox.agora.webhooks import SUBSCRIPTIONS, Subscription


def build(agora: Agora) -> APIRouter:
    """The routes."""
    router = APIRouter(route_class=route_class(agora))
    _people(router, agora, Gate(agora))
    for part in (_labels, _canned, _attributes):
        part(router, agora, Gate(agora))
    _webhooks(router, agora, Gate(agora))
    _about(router, agora, Gate(agora))
    return router


def _people(router: APIRouter, agora: Agora, gate: Gate) -> None:
    store = agora.store

    @router.get(f"{BASE}/agents")
    async def agents(account: int, request: Request) -> list[Json]:
        gate.admit(request, account)
        return [a.row(account) for a in store.directory.agents]

    @router.get(f"{BASE}/assignable_agents")
    async def assignable(account: int, request: Request) -> Json:
        gate.admit(request, account)
        wanted = request.query_params.getlist("inbox_ids[]")
        members = store.directory.inbox.members if str(store.directory.inbox.id) in wanted else []
        return {"payload": [a.row(account) for a in store.directory.agents if a.id in members or a.role != "agent"]}

    @router.get(f"{BASE}/teams")
    async def teams(account: int, request: Request) -> list[Json]:
        caller = gate.admit(request, account)
        return [t.view(account, caller.who.id) for t in store.directory.teams]

    @router.get(f"{BASE}/teams/{{team_id}}")
    async def team(account: int, team_id: int, request: Request) -> Json:
        caller, found = gate.admit(request, account), store.directory.team(team_id)
        if found is None:
            raise missing()
        return found.view(account, caller.who.id)

    @router.get(f"{BASE}/teams/{{team_id}}/team_members")
    async def members(account: int, team_id: int, request: Request) -> list[Json]:
        gate.admit(request, account)
        found = store.directory.team(team_id)
        if found is None:
            raise missing()
        return [a.row(account) for a in store.directory.agents if a.id in found.members]


def _labels(router: APIRouter, agora: Agora, gate: Gate) -> None:
    store = agora.store

    @router.get(f"{BASE}/labels")
    async def labels(account: int, request: Request) -> Json:
        gate.admit(request, account)
        return {"payload": [label.model_dump() for label in store.directory.labels]}

    @router.post(f"{BASE}/labels")
    async def add_label(account: int, request: Request) -> Json:
        gate.admit(request, account, admin=True)
        body = await body_of(request)
        title = str(body.get("title") or "").casefold()
        if not title or any(known.title == title for known in store.directory.labels):
            raise invalid("title", "Title has already been taken" if title else "Title can't be blank")
        made = Label(title=title, color=str(body.get("color") or "#1f93ff"), id=next(store.ids))
        made.description = str(body.get("description") or "")
        store.directory.labels.append(made)
        return made.model_dump()


def _canned(router: APIRouter, agora: Agora, gate: Gate) -> None:
    store = agora.store

    @router.get(f"{BASE}/canned_responses")
    async def canned(account: int, request: Request, search: str = "") -> list[Json]:
        gate.admit(request, account)
        sought = search.casefold()
        rows = [c for c in store.directory.canned if sought in f"{c.short_code} {c.content}".casefold()]
        return [canned_view(store, c) for c in rows]

    @router.post(f"{BASE}/canned_responses")
    async def add_canned(account: int, request: Request) -> Json:
        gate.admit(request, account)
        body = await body_of(request)
        body = body.get("canned_response") or body
        code, content = str(body.get("short_code") or "").strip(), str(body.get("content") or "").strip()
        if not code or not content:
            name = "content" if code else "short_code"
            raise invalid(name, f"{name.replace('_', ' ').capitalize()} can't be blank")
        if any(c.short_code == code for c in store.directory.canned):
            raise invalid("short_code", "Short code has already been taken")
        made = Canned(id=next(store.ids), short_code=code, content=content)
        store.directory.canned.append(made)
        return canned_view(store, made)

    @router.delete(f"{BASE}/canned_responses/{{canned_id}}")
    async def remove_canned(account: int, canned_id: int, request: Request) -> Response:
        gate.admit(request, account)
        kept = [c for c in store.directory.canned if c.id != canned_id]
        if len(kept) == len(store.directory.canned):
            raise missing()
        store.directory.canned = kept
        return Response(status_code=200)


def _attributes(router: APIRouter, agora: Agora, gate: Gate) -> None:
    store = agora.store

    @router.get(f"{BASE}/custom_attribute_definitions")
    async def attributes(account: int, request: Request) -> list[Json]:
        gate.admit(request, account)
        return [attribute_view(store, a) for a in store.directory.attributes]

    @router.post(f"{BASE}/custom_attribute_definitions")
    async def add_attribute(account: int, request: Request) -> Json:
        gate.admit(request, account, admin=True)
        body = await body_of(request)
        key = str(body.get("attribute_key") or "")
        if not key:
            raise invalid("attribute_key", "Attribute key can't be blank")
        model = "contact" if body.get("attribute_model") in (1, "contact_attribute") else "conversation"
        made = Attribute.model_validate(
            {"key": key, "name": str(body.get("attribute_display_name") or key), "model": model}
        )
        store.directory.attributes.append(made)
        return attribute_view(store, made)


def canned_view(store: Store, canned: Canned) -> Json:
    """As the API lists it."""
    at = iso(store.now())
    return {**canned.model_dump(), "account_id": store.account, "created_at": at, "updated_at": at}


def attribute_view(store: Store, attribute: Attribute) -> Json:
    """As the API lists it; all of ours are text."""
    known = {"id": store.directory.attributes.index(attribute) + 1, "attribute_display_name": attribute.name}
    kind = {"attribute_display_type": "text", "attribute_description": "", "attribute_values": []}
    return {**known, **kind, "attribute_key": attribute.key, "attribute_model": f"{attribute.model}_attribute"}


def _webhooks(router: APIRouter, agora: Agora, gate: Gate) -> None:
    store, hooks = agora.store, agora.webhooks

    @router.get(f"{BASE}/webhooks")
    async def listed(account: int, request: Request) -> Json:
        gate.admit(request, account, admin=True)
        return {"payload": {"webhooks": [w.view(account) for w in hooks.subscribed.values()]}}

    @router.post(f"{BASE}/webhooks")
    async def subscribe(account: int, request: Request) -> Json:
        gate.admit(request, account, admin=True)
        body = await body_of(request)
        url, events, name = checked(body.get("webhook") or body)
        if any(w.url == url for w in hooks.subscribed.values()):
            raise invalid("url", "Url has already been taken")
        made = Subscription(next(store.ids), url, events, name)
        hooks.subscribed[made.id] = made
        return {"payload": {"webhook": made.view(account)}}

    @router.patch(f"{BASE}/webhooks/{{webhook_id}}")
    async def change(account: int, webhook_id: int, request: Request) -> Json:
        gate.admit(request, account, admin=True)
        body, known = await body_of(request), hooks.subscribed.get(webhook_id)
        if known is None:
            raise missing()
        known.url, known.subscriptions, known.name = checked({**known.__dict__, **(body.get("webhook") or body)})
        return {"payload": {"webhook": known.view(account)}}

    @router.delete(f"{BASE}/webhooks/{{webhook_id}}")
    async def remove(account: int, webhook_id: int, request: Request) -> Response:
        gate.admit(request, account, admin=True)
        if hooks.subscribed.pop(webhook_id, None) is None:
            raise missing()
        return Response(status_code=200)


def checked(body: Json) -> tuple[str, list[str], str | None]:
    """Address, events and name of a subscription.

    Raises:
        Refusal: 422.
    """
    url, events = str(body.get("url") or ""), body.get("subscriptions")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise invalid("url", "Url is invalid")
    if not isinstance(events, list) or not events or not set(events) <= set(SUBSCRIPTIONS):
        raise invalid("subscriptions", "Subscriptions Invalid events")
    return url, [str(e) for e in events], body.get("name")


def _about(router: APIRouter, agora: Agora, gate: Gate) -> None:
    store = agora.store

    @router.get("/agora/api")
    async def version() -> Json:
        at = agora.world.clock.now().strftime("%Y-%m-%d %H:%M:%S")
        return {"version": store.behaviour.version, "timestamp": at, "queue_services": "ok", "data_services": "ok"}

    @router.get("/agora/health")
    async def health() -> Json:
        return {"status": "woot"}

    @router.get("/agora/api/v1/profile")
    async def profile(request: Request) -> Response:
        caller = identify(request, store.directory, drop_underscores=store.behaviour.drop_underscores)
        if not isinstance(caller.who, Agent):
            raise Refusal(401, {"error": "Access to this endpoint is not authorized for bots"})
        return JSONResponse(profile_view(store, caller.who))

    @router.get(f"{BASE}/agent_bots")
    async def bots(account: int, request: Request) -> list[Json]:
        caller, bot = gate.admit(request, account), store.directory.bot
        shown = {"id": bot.id, "name": bot.name, "description": bot.description, "thumbnail": "", "outgoing_url": ""}
        secret = {"access_token": bot.secret} if caller.admin else {}
        return [
            {**shown, "bot_type": "webhook", "bot_config": {}, "account_id": account, "system_bot": False, **secret}
        ]

    @router.get(f"{BASE}/csat_survey_responses")
    async def ratings(account: int, request: Request, page: str = "1") -> list[Json]:
        gate.admit(request, account, admin=True)
        return agora.survey.rows(page_of(page))


def profile_view(store: Store, agent: Agent) -> Json:
    """The token's own user."""
    role: Any = {"id": store.account, "name": store.directory.account.name, "status": "active", "role": agent.role}
    account = {**role, "active_at": iso(store.now()), "permissions": [agent.role], "availability": agent.availability}
    row = {
        k: v for k, v in agent.row(store.account).items() if k not in ("thumbnail", "custom_role_id", "auto_offline")
    }
    known = {"display_name": None, "message_signature": None, "hmac_identifier": "", "inviter_id": None}
    more = {
        "provider": "email",
        "pubsub_token": f"sandbox-pubsub-agent-{agent.id}",
        "ui_settings": {},
        "uid": agent.email,
    }
    last: Json = {"avatar_url": "", "type": None, "custom_attributes": {}, "access_token": agent.secret}
    return {**row, **known, **more, **last, "accounts": [{**account, "availability_status": agent.availability}]}
