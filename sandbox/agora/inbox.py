"""`/agora/api/v1/accounts/{account}/…`: contacts, conversations, messages, as stock Chatwoot answers them."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.datastructures import UploadFile

from sandbox.agora.access import Refusal, Role, admit
from sandbox.agora.desk import STATUSES, Conversation, Desk, Json, check_attributes

BASE = "/agora/api/v1/accounts/{account}"
PRIORITIES = (None, "low", "medium", "high", "urgent")
NEWEST, AFTER = 20, 100
SENDERS = {
    Role.BOT: {"id": 41, "name": "María", "type": "agent_bot"},
    Role.AGENT: {"id": 31, "name": "Integración María", "type": "user"},
}


class Refusing(APIRoute):
    """Turns a `Refusal` into its answer, and applies the switched-on faults."""

    def get_route_handler(self) -> Any:
        """Wrap FastAPI's own handler."""
        handle = super().get_route_handler()

        async def wrapped(request: Request) -> Response:
            try:
                return await handle(request)
            except Refusal as refusal:
                return JSONResponse(refusal.body, refusal.status)

        return wrapped


class Inbox:
    """The endpoints around one desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.router = APIRouter(prefix=BASE, route_class=Refusing)
        self._add_contacts()
        self._add_conversations()

    def _add_contacts(self) -> None:
        add = self.router.add_api_route
        add("/contacts/search", self.search, methods=["GET"])
        add("/contacts/filter", self.filter, methods=["POST"])
        add("/contacts", self.create_contact, methods=["POST"])
        add("/contacts/{contact_id}", self.get_contact, methods=["GET"])
        add("/contacts/{contact_id}", self.change_contact, methods=["PUT"])
        add("/contacts/{contact_id}/contact_inboxes", self.link, methods=["POST"])
        add("/contact_inboxes/filter", self.by_source, methods=["POST"])

    def _add_conversations(self) -> None:
        add = self.router.add_api_route
        add("/conversations", self.open, methods=["POST"])
        add("/conversations", self.listed, methods=["GET"])
        one = "/conversations/{display}"
        add(one, self.get, methods=["GET"])
        add(f"{one}/messages", self.say, methods=["POST"])
        add(f"{one}/messages", self.messages, methods=["GET"])
        add(f"{one}/toggle_status", self.toggle_status, methods=["POST"])
        add(f"{one}/toggle_priority", self.toggle_priority, methods=["POST"])
        add(f"{one}/labels", self.set_labels, methods=["POST"])
        add(f"{one}/labels", self.get_labels, methods=["GET"])
        add(f"{one}/custom_attributes", self.custom_attributes, methods=["POST"])
        add(f"{one}/assignments", self.assign, methods=["POST"])

    async def _admit(self, request: Request, account: int, *, bots: bool = True) -> Role:
        operation = request.url.path.rpartition("/")[2]
        await self.desk.world.faults.delay("agora", operation)
        if broken := self.desk.world.faults.hit("agora", "error", operation):
            raise Refusal(broken.status, {"error": "Internal Server Error"})
        return admit(request, account, bots=bots)

    async def search(self, account: int, request: Request, q: str = "") -> Json:
        """Substring match; people are better found by filter."""
        await self._admit(request, account, bots=False)
        if not q:
            raise Refusal(422, {"error": "Specify search string with parameter q"})
        return _found([c.view() for c in self.desk.search(q)])

    async def filter(self, account: int, request: Request) -> Json:
        """`equal_to` on one attribute, which is what finding a contact needs."""
        await self._admit(request, account, bots=False)
        rule = ((await _json(request)).get("payload") or [{}])[0]
        if rule.get("filter_operator") != "equal_to":
            raise Refusal(422, {"error": "Invalid operator"})
        key, values = rule.get("attribute_key"), rule.get("values") or []
        return _found([c.view() for c in self.desk.contacts.values() if c.fields.get(key) in values])

    async def create_contact(self, account: int, request: Request) -> Json:
        """A contact, in the inbox too if one is named."""
        await self._admit(request, account, bots=False)
        body = await _json(request)
        view = self.desk.create_contact(body).view()
        inbox = view["contact_inboxes"][0] if view["contact_inboxes"] else None
        return {"payload": {"contact": view, "contact_inbox": inbox}}

    async def get_contact(self, account: int, contact_id: int, request: Request) -> Json:
        """One contact."""
        await self._admit(request, account, bots=False)
        return {"payload": self.desk.contact(contact_id).view()}

    async def change_contact(self, account: int, contact_id: int, request: Request) -> Json:
        """Change it."""
        await self._admit(request, account, bots=False)
        contact = self.desk.contact(contact_id)
        self.desk.change_contact(contact, await _json(request))
        return {"payload": contact.view()}

    async def link(self, account: int, contact_id: int, request: Request) -> Json:
        """Make the contact known to the inbox."""
        await self._admit(request, account, bots=False)
        body = await _json(request)
        source = self.desk.link(self.desk.contact(contact_id), body.get("inbox_id"), body.get("source_id"))
        return {"source_id": source, "inbox": {"id": body["inbox_id"]}}

    async def by_source(self, account: int, request: Request) -> Response:
        """Exact match; otherwise 404 without a body."""
        await self._admit(request, account, bots=False)
        contact = self.desk.by_source((await _json(request)).get("source_id"))
        return JSONResponse(contact.view()) if contact else Response(status_code=404)

    async def open(self, account: int, request: Request) -> Json:
        """A conversation, with its first message if one is given."""
        role = await self._admit(request, account)
        body = await _json(request)
        made = self.desk.open(body)
        if body.get("message"):
            self.desk.say(made, body["message"], SENDERS[role], [])
        return made.view(account)

    async def listed(self, account: int, request: Request, source_id: str | None = None, status: str = "open") -> Json:
        """Newest first, by the contact inbox's source id and status."""
        await self._admit(request, account, bots=False)
        found = [c for c in self.desk.conversations.values() if source_id in (None, c.source_id)]
        rows = [c.view(account) for c in reversed(found) if status in ("all", c.status)]
        return {"data": {"meta": {"all_count": len(rows)}, "payload": rows[:25]}}

    async def get(self, account: int, display: int, request: Request) -> Json:
        """One conversation."""
        await self._admit(request, account)
        return self.desk.conversation(display).view(account)

    async def say(self, account: int, display: int, request: Request) -> Json:
        """JSON, or multipart with `attachments[]`. Attachment objects in JSON are ignored, as by the real one."""
        role = await self._admit(request, account)
        conversation = self.desk.conversation(display)
        if request.headers.get("content-type", "").startswith("multipart/"):
            body, files = await _form(request)
        else:
            body, files = await _json(request), []
        return self.desk.say(conversation, body, SENDERS[role], files)

    async def messages(
        self, account: int, display: int, request: Request, after: int | None = None, before: int | None = None
    ) -> Json:
        """The newest 20; with `after` up to 100 newer than that; with `before` the 20 older."""
        await self._admit(request, account, bots=False)
        rows = self.desk.conversation(display).messages
        if after is not None:
            rows = [m for m in rows if m["id"] > after][:AFTER]
        else:
            rows = [m for m in rows if before is None or m["id"] < before][-NEWEST:]
        return {"meta": {}, "payload": rows}

    async def toggle_status(self, account: int, display: int, request: Request) -> Json:
        """A bot that opens a pending one hands over: `success` is null then (agora.md 4.6)."""
        role = await self._admit(request, account)
        conversation = self.desk.conversation(display)
        body = await _json(request)
        wanted = body.get("status") or ("resolved" if conversation.status == "open" else "open")
        if wanted not in STATUSES:
            raise Refusal(500, {})
        handoff = role is Role.BOT and (conversation.status, wanted) == ("pending", "open")
        conversation.handed_off += handoff
        if role is Role.AGENT and wanted == "open":
            conversation.assignee = str(SENDERS[role]["name"])
        conversation.status = wanted
        self.desk.world.feed.publish({"type": "agora", "conversation": display, "status": wanted})
        known = {"conversation_id": display, "current_status": wanted, "snoozed_until": body.get("snoozed_until")}
        return {"meta": {}, "payload": {"success": None if handoff else True, **known}}

    async def toggle_priority(self, account: int, display: int, request: Request) -> Response:
        """200 without a body."""
        await self._admit(request, account)
        priority = (await _json(request)).get("priority")
        if priority not in PRIORITIES:
            raise Refusal(500, {})
        self.desk.conversation(display).priority = priority
        return Response(status_code=200)

    async def set_labels(self, account: int, display: int, request: Request) -> Json:
        """Replaces the list."""
        await self._admit(request, account)
        conversation = self.desk.conversation(display)
        conversation.labels = [str(label) for label in (await _json(request)).get("labels") or []]
        return {"payload": conversation.labels}

    async def get_labels(self, account: int, display: int, request: Request) -> Json:
        """What it is labelled with."""
        await self._admit(request, account)
        return {"payload": self.desk.conversation(display).labels}

    async def custom_attributes(self, account: int, display: int, request: Request) -> Json:
        """Replaces all."""
        await self._admit(request, account)
        values = (await _json(request)).get("custom_attributes")
        if not isinstance(values, dict):
            raise Refusal(500, {})
        check_attributes(values)
        conversation: Conversation = self.desk.conversation(display)
        conversation.custom = values
        return {"custom_attributes": values}

    async def assign(self, account: int, display: int, request: Request) -> Json:
        """Both given: the person wins and the team is ignored."""
        await self._admit(request, account)
        conversation, body = self.desk.conversation(display), await _json(request)
        if "assignee_id" in body:
            conversation.assignee = None if body["assignee_id"] is None else str(body["assignee_id"])
            return {"id": body["assignee_id"]}
        conversation.team_id = body.get("team_id")
        return {"id": conversation.team_id}


def _found(rows: list[Json]) -> Json:
    return {"meta": {"count": len(rows), "current_page": 1}, "payload": rows[:15]}


async def _json(request: Request) -> Json:
    try:
        body = await request.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


async def _form(request: Request) -> tuple[Json, list[tuple[str, str, bytes]]]:
    """`content_attributes` travels as JSON text."""
    form = await request.form()
    body: Json = {k: v for k, v in form.multi_items() if isinstance(v, str)}
    if "content_attributes" in body:
        body["content_attributes"] = json.loads(body["content_attributes"])
    files = [
        (part.filename or "archivo", part.content_type or "application/octet-stream", await part.read())
        for name, part in form.multi_items()
        if name == "attachments[]" and isinstance(part, UploadFile)
    ]
    return body, files
