"""`/contacts…`, `/contact_inboxes/filter`, `/actions/contact_merge`."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from sandbox.agora.access import Refusal
from sandbox.agora.account import Json
from sandbox.agora.filters import CONTACT, chosen, contact_value
from sandbox.agora.model import Contact
from sandbox.agora.routes.gate import BASE, Gate, body_of, page_of, route_class
from sandbox.agora.service import Agora
from sandbox.agora.views import contact_view, conversation_view, inbox_stub

A_PAGE, RECENT = 15, 20


def build(agora: Agora) -> APIRouter:
    """The routes; none of them is for bots."""
    router = APIRouter(prefix=BASE, route_class=route_class(agora))
    _finding(router, agora, Gate(agora))
    _writing(router, agora, Gate(agora))
    _around(router, agora, Gate(agora))
    return router


def _page(agora: Agora, rows: list[Contact], page: int) -> Json:
    shown = rows[(page - 1) * A_PAGE : page * A_PAGE]
    return {
        "meta": {"count": len(rows), "current_page": page},
        "payload": [contact_view(agora.store, c) for c in shown],
    }


def _finding(router: APIRouter, agora: Agora, gate: Gate) -> None:
    store = agora.store

    @router.get("/contacts")
    async def listed(account: int, request: Request, page: str = "1") -> Json:
        gate.admit(request, account)
        return _page(agora, list(store.contacts.values()), page_of(page))

    @router.get("/contacts/search")
    async def search(account: int, request: Request, q: str = "", page: str = "1") -> Json:
        gate.admit(request, account)
        if not q.strip():
            raise Refusal(422, {"error": "Specify search string with parameter q"})
        return _page(agora, agora.contacts.search(q.strip()), page_of(page))

    @router.post("/contacts/filter")
    async def filtered(account: int, request: Request, page: str = "1") -> Json:
        gate.admit(request, account)
        custom = {a.key for a in store.directory.attributes if a.model == "contact"}
        rules = (await body_of(request)).get("payload")
        return _page(agora, chosen(store.contacts.values(), rules, CONTACT, custom, contact_value), page_of(page))

    @router.post("/contact_inboxes/filter")
    async def by_source(account: int, request: Request) -> Response:
        """Exact match; otherwise 404 without a body."""
        gate.admit(request, account)
        body = await body_of(request)
        found = store.by_source(body.get("source_id")) if body.get("inbox_id") == store.directory.inbox.id else None
        return JSONResponse(contact_view(store, found)) if found else Response(status_code=404)


def _writing(router: APIRouter, agora: Agora, gate: Gate) -> None:
    store = agora.store

    @router.post("/contacts")
    async def create(account: int, request: Request) -> Json:
        gate.admit(request, account)
        body = await body_of(request)
        made = agora.contacts.create(body)
        linked = {"inbox": inbox_stub(store), "source_id": made.sources[0]} if made.sources else None
        return {
            "payload": {
                "contact": contact_view(store, made),
                "contact_inbox": linked or {"inbox": None, "source_id": None},
            }
        }

    @router.get("/contacts/{contact_id}")
    async def show(account: int, contact_id: int, request: Request) -> Json:
        gate.admit(request, account)
        return {"payload": contact_view(store, store.contact(contact_id))}

    @router.api_route("/contacts/{contact_id}", methods=["PUT", "PATCH"])
    async def change(account: int, contact_id: int, request: Request) -> Json:
        gate.admit(request, account)
        contact = store.contact(contact_id)
        agora.contacts.change(contact, await body_of(request))
        return {"payload": contact_view(store, contact)}

    @router.delete("/contacts/{contact_id}")
    async def remove(account: int, contact_id: int, request: Request) -> Response:
        gate.admit(request, account, admin=True)
        agora.contacts.remove(store.contact(contact_id))
        return Response(status_code=200)


def _around(router: APIRouter, agora: Agora, gate: Gate) -> None:
    store = agora.store

    @router.post("/contacts/{contact_id}/contact_inboxes")
    async def link(account: int, contact_id: int, request: Request) -> Json:
        gate.admit(request, account)
        body = await body_of(request)
        source = agora.contacts.link(store.contact(contact_id), body.get("inbox_id"), body.get("source_id"))
        return {"source_id": source, "inbox": inbox_stub(store)}

    @router.get("/contacts/{contact_id}/contactable_inboxes")
    async def contactable(account: int, contact_id: int, request: Request) -> Json:
        gate.admit(request, account)
        sources = store.contact(contact_id).sources or [""]
        return {"payload": [{"source_id": s, "inbox": inbox_stub(store)} for s in sources]}

    @router.get("/contacts/{contact_id}/conversations")
    async def conversations(account: int, contact_id: int, request: Request) -> Json:
        gate.admit(request, account)
        contact = store.contact(contact_id)
        rows = [c for c in reversed(store.conversations.values()) if c.contact is contact]
        return {"payload": [conversation_view(store, c) for c in rows[:RECENT]]}

    @router.get("/contacts/{contact_id}/labels")
    async def labels(account: int, contact_id: int, request: Request) -> Json:
        gate.admit(request, account)
        return {"payload": store.contact(contact_id).labels}

    @router.post("/contacts/{contact_id}/labels")
    async def set_labels(account: int, contact_id: int, request: Request) -> Json:
        gate.admit(request, account)
        contact = store.contact(contact_id)
        contact.labels = [str(label).casefold() for label in (await body_of(request)).get("labels") or []]
        return {"payload": contact.labels}

    @router.post("/actions/contact_merge")
    async def merge(account: int, request: Request) -> Json:
        gate.admit(request, account)
        body = await body_of(request)
        base, other = store.contact(body.get("base_contact_id")), store.contact(body.get("mergee_contact_id"))
        agora.contacts.merge(base, other)
        return contact_view(store, base)
