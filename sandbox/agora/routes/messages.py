"""`/conversations/{id}/messages…`."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from sandbox.agora.account import Json
from sandbox.agora.model import Conversation, Message
from sandbox.agora.routes.gate import BASE, Gate, body_of, parts_of, route_class
from sandbox.agora.service import Agora
from sandbox.agora.views import message_view, messages_meta

NEWEST, AFTER, BETWEEN = 20, 100, 1000
ALL = "/conversations/{display}/messages"
ONE = f"{ALL}/{{message_id}}"


def build(agora: Agora) -> APIRouter:
    """The routes."""
    router, gate, store = APIRouter(prefix=BASE, route_class=route_class(agora)), Gate(agora), agora.store

    @router.get(ALL)
    async def listed(
        account: int, display: int, request: Request, after: int | None = None, before: int | None = None
    ) -> Json:
        gate.admit(request, account)
        conversation = store.conversation(display)
        rows = [message_view(store, m) for m in page(conversation, after, before)]
        return {"meta": messages_meta(store, conversation), "payload": rows}

    @router.post(ALL)
    async def post(account: int, display: int, request: Request) -> Json:
        """JSON, or multipart with `attachments[]`. Attachment objects in JSON are ignored, as by the real one."""
        caller = gate.admit(request, account, bots=True)
        conversation = store.conversation(display)
        body, files = await parts_of(request)
        return message_view(store, agora.conversations.say(conversation, body, caller.who, files))

    @router.patch(ONE)
    async def report(account: int, display: int, message_id: int, request: Request) -> Json:
        """`content` is ignored: a message cannot be edited."""
        gate.admit(request, account)
        message, body = store.message(store.conversation(display), message_id), await body_of(request)
        agora.messages.report(message, body.get("status"), body.get("external_error"))
        return message_view(store, message)

    @router.post(f"{ONE}/retry")
    async def retry(account: int, display: int, message_id: int, request: Request) -> Json:
        gate.admit(request, account)
        message = store.message(store.conversation(display), message_id)
        agora.messages.retry(message)
        return message_view(store, message)

    @router.delete(ONE)
    async def delete(account: int, display: int, message_id: int, request: Request) -> Response:
        gate.admit(request, account)
        agora.messages.delete(store.message(store.conversation(display), message_id))
        return Response(status_code=200)

    return router


def page(conversation: Conversation, after: int | None, before: int | None) -> list[Message]:
    """Oldest first: the newest 20; the 20 before an id; 100 after one; up to 1000 from `after` to before `before`."""
    rows = conversation.messages
    if after is not None and before is not None:
        return [m for m in rows if after <= m.id < before][:BETWEEN]
    if after is not None:
        return [m for m in rows if m.id > after][:AFTER]
    return [m for m in rows if before is None or m.id < before][-NEWEST:]
