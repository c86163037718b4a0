"""The Client API and the survey: no token, only identifiers that nobody should guess (agora.md sections 8 and 9)."""

from __future__ import annotations

import hashlib
import hmac

from fastapi import APIRouter, Request, Response

from sandbox.agora.access import Refusal, broken
from sandbox.agora.account import Json
from sandbox.agora.model import INCOMING, Contact, Conversation
from sandbox.agora.routes.gate import body_of, parts_of, route_class
from sandbox.agora.routes.inboxes import working_hours
from sandbox.agora.service import Agora
from sandbox.agora.views import contact_sender, message_view

PUBLIC = "/agora/public/api/v1"
INBOX = f"{PUBLIC}/inboxes/{{identifier}}"
PERSON = f"{INBOX}/contacts/{{source}}"
TALK = f"{PERSON}/conversations/{{display}}"
NOT_FOUND = Refusal(404, {"status": 404, "error": "Not Found"})


def build(agora: Agora) -> APIRouter:
    """The routes."""
    router = APIRouter(route_class=route_class(agora))
    for part in (_contacts, _conversations, _messages, _state, _survey):
        part(router, agora)
    return router


def _known(agora: Agora, identifier: str) -> None:
    if identifier != agora.store.directory.inbox.identifier:
        raise NOT_FOUND


def _person(agora: Agora, identifier: str, source: str) -> Contact:
    _known(agora, identifier)
    found = agora.store.by_source(source)
    if found is None:
        raise NOT_FOUND
    return found


def _talk(agora: Agora, identifier: str, source: str, display: int) -> Conversation:
    _person(agora, identifier, source)
    found = agora.store.conversations.get(display)
    if found is None or found.source_id != source:
        raise NOT_FOUND
    return found


def _view(agora: Agora, conversation: Conversation) -> Json:
    """Public messages only."""
    rows = [m for m in conversation.messages if not m.private and m.kind != 2]
    return {
        "id": conversation.display,
        "uuid": conversation.uuid,
        "inbox_id": agora.store.directory.inbox.id,
        "contact_last_seen_at": int(conversation.contact_seen_at or 0),
        "status": conversation.status,
        "agent_last_seen_at": int(conversation.agent_seen_at or 0),
        "messages": [message_view(agora.store, m) for m in rows],
        "contact": contact_sender(conversation.contact),
    }


def _contacts(router: APIRouter, agora: Agora) -> None:
    @router.get(INBOX)
    async def inbox(identifier: str) -> Json:
        _known(agora, identifier)
        own = agora.store.directory.inbox
        known = {"identifier": own.identifier, "identity_validation_enabled": False, "name": own.name}
        hours = {"working_hours": working_hours(own), "working_hours_enabled": own.working_hours_enabled}
        rest = {"csat_survey_enabled": own.csat_survey_enabled, "greeting_enabled": False}
        return {**known, "timezone": own.timezone, **hours, **rest}

    @router.post(f"{INBOX}/contacts")
    async def create(identifier: str, request: Request) -> Json:
        """Find or create: by source_id, then identifier, e-mail, phone."""
        _known(agora, identifier)
        body = await body_of(request)
        _check_hash(agora, body)
        contact = _found(agora, body) or agora.contacts.create({k: v for k, v in body.items() if k != "source_id"})
        source = agora.contacts.link(contact, agora.store.directory.inbox.id, body.get("source_id"))
        return _shown(contact, source)

    @router.get(PERSON)
    async def show(identifier: str, source: str) -> Json:
        return _shown(_person(agora, identifier, source), source)

    @router.patch(PERSON)
    async def change(identifier: str, source: str, request: Request) -> Json:
        contact, body = _person(agora, identifier, source), await body_of(request)
        _check_hash(agora, body)
        agora.contacts.change(contact, {k: v for k, v in body.items() if k != "identifier"})
        return _shown(contact, source)


def _found(agora: Agora, body: Json) -> Contact | None:
    if body.get("source_id") and (known := agora.store.by_source(body["source_id"])):
        return known
    for name in ("identifier", "email", "phone_number"):
        if body.get(name):
            for contact in agora.store.contacts.values():
                if contact.fields.get(name) == body[name]:
                    return contact
    return None


def _shown(contact: Contact, source: str) -> Json:
    known = {name: contact.fields.get(name) for name in ("name", "email", "phone_number")}
    return {"source_id": source, "pubsub_token": f"sandbox-pubsub-{contact.id}", "id": contact.id, **known}


def _check_hash(agora: Agora, body: Json) -> None:
    """A wrong `identifier_hash` is a 500, as there."""
    if body.get("identifier_hash"):
        key, text = agora.store.directory.inbox.hmac_token.encode(), str(body.get("identifier")).encode()
        if not hmac.compare_digest(hmac.new(key, text, hashlib.sha256).hexdigest(), str(body["identifier_hash"])):
            raise broken()


def _conversations(router: APIRouter, agora: Agora) -> None:
    @router.post(f"{PERSON}/conversations")
    async def start(identifier: str, source: str, request: Request) -> Json:
        contact, body = _person(agora, identifier, source), await body_of(request)
        made = agora.conversations.start(contact, source, "open", body.get("custom_attributes"))
        return _view(agora, made)

    @router.get(f"{PERSON}/conversations")
    async def listed(identifier: str, source: str) -> list[Json]:
        _person(agora, identifier, source)
        return [_view(agora, c) for c in agora.store.conversations.values() if c.source_id == source]

    @router.get(TALK)
    async def show(identifier: str, source: str, display: int) -> Json:
        return _view(agora, _talk(agora, identifier, source, display))


def _messages(router: APIRouter, agora: Agora) -> None:
    @router.get(f"{TALK}/messages")
    async def messages(identifier: str, source: str, display: int) -> list[Json]:
        rows: list[Json] = _view(agora, _talk(agora, identifier, source, display))["messages"]
        return rows

    @router.post(f"{TALK}/messages")
    async def say(identifier: str, source: str, display: int, request: Request) -> Json:
        talk, (body, files) = _talk(agora, identifier, source, display), await parts_of(request)
        known = {"content": body.get("content"), "echo_id": body.get("echo_id"), "message_type": "incoming"}
        made = agora.conversations.say(talk, known, agora.store.directory.bot, files)
        return message_view(agora.store, made)

    @router.patch(f"{TALK}/messages/{{message_id}}")
    async def submit(identifier: str, source: str, display: int, message_id: int, request: Request) -> Json:
        message = agora.store.message(_talk(agora, identifier, source, display), message_id)
        values = (await body_of(request)).get("submitted_values")
        if message.content_type == "input_csat":
            agora.survey.answer(message, values)
        else:
            agora.messages.submit(message, values)
        return message_view(agora.store, message)


def _state(router: APIRouter, agora: Agora) -> None:
    @router.post(f"{TALK}/update_last_seen")
    async def seen(identifier: str, source: str, display: int) -> Response:
        """Everything that is not incoming counts as read."""
        talk = _talk(agora, identifier, source, display)
        talk.contact_seen_at = agora.store.now()
        for message in talk.messages:
            if message.kind != INCOMING and not message.private and message.status in ("sent", "delivered"):
                agora.messages.report(message, "read", None)
        return Response(status_code=200)

    @router.post(f"{TALK}/toggle_typing")
    async def typing(identifier: str, source: str, display: int, request: Request) -> Response:
        """Only the page sees it: AGORA tells no webhook that a contact types."""
        talk, on = _talk(agora, identifier, source, display), (await body_of(request)).get("typing_status") == "on"
        event = {"type": "agora", "conversation": talk.display, "typing": talk.contact.fields.get("name") if on else ""}
        agora.world.feed.publish({**event, "by": "contact"})
        return Response(status_code=200)

    @router.post(f"{TALK}/toggle_status")
    async def resolve(identifier: str, source: str, display: int) -> Json:
        """It only ever resolves."""
        talk = _talk(agora, identifier, source, display)
        agora.conversations.resolve(talk)
        return _view(agora, talk)


def _survey(router: APIRouter, agora: Agora) -> None:
    @router.get(f"{PUBLIC}/csat_survey/{{uuid}}")
    async def show(uuid: str) -> Json:
        return agora.survey.shown(agora.survey.question(uuid))

    @router.api_route(f"{PUBLIC}/csat_survey/{{uuid}}", methods=["PUT", "PATCH"])
    async def answer(uuid: str, request: Request) -> Json:
        """The record is written shortly after: null in this first answer."""
        message, body = agora.survey.question(uuid), await body_of(request)
        agora.survey.answer(message, (body.get("message") or {}).get("submitted_values"))
        return {**agora.survey.shown(message), "csat_survey_response": None}
