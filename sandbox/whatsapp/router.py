"""`/graph/{version}/…` and the sandbox's own view of what was sent."""

from __future__ import annotations

import os
from typing import Annotated, Any

from fastapi import APIRouter, Body, File, Form, Request, Response, UploadFile
from fastapi.responses import JSONResponse

from sandbox.whatsapp import inbound
from sandbox.whatsapp.checks import CHECKS, GraphError, need
from sandbox.whatsapp.phone_network import Network, same_person
from sandbox.whatsapp.approved import check_template, load
from sandbox.whatsapp.webhooks import Deliverer
from sandbox.world import World

MEDIA_LIMITS = {  # type prefix → bytes (section 5)
    "image/jpeg": 5 << 20,
    "image/png": 5 << 20,
    "application/pdf": 100 << 20,
    "text/plain": 100 << 20,
    "audio/": 16 << 20,
    "video/mp4": 16 << 20,
    "image/webp": 500 << 10,
}


def build(world: World) -> APIRouter:
    """The router."""
    return Graph(world).router


class Graph:
    """The endpoints around one network."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.network = Network(world)
        self.deliver = Deliverer(world)
        self.token = os.environ.get("WHATSAPP_TOKEN", "sandbox-graph-token")
        self.approved = load()
        self.router = APIRouter()
        add = self.router.add_api_route
        add("/graph/{version}/{number}/messages", self.messages, methods=["POST"])
        add("/graph/{version}/{number}/media", self.upload, methods=["POST"])
        add("/graph/{version}/{waba}/message_templates", self.templates, methods=["GET"])
        add("/graph/{version}/{media_id}", self.media_url, methods=["GET"])
        add("/graph/{version}/{media_id}", self.media_delete, methods=["DELETE"])
        add("/graph/download/{media_id}", self.media_bytes, methods=["GET"])
        add("/control/whatsapp/sent", self.sent, methods=["GET"])
        add("/control/whatsapp/marks", self.marks, methods=["GET"])
        add("/control/whatsapp/thread", self.thread, methods=["GET"])
        add("/control/whatsapp/media/{media_id}", self.control_media, methods=["GET"])
        add("/control/whatsapp/media", self.control_upload, methods=["POST"])
        add("/control/whatsapp/inbound", self.inbound, methods=["POST"])

    async def messages(self, number: str, request: Request) -> JSONResponse:
        """Send a message, or mark one as read."""
        try:
            self._authorise(request)
            await self.world.faults.delay("graph", "messages")
            if broken := self.world.faults.hit("graph", "error", "messages"):
                raise GraphError(broken.code or 131000, "Something went wrong", broken.status)
            if number != inbound.PHONE_NUMBER_ID:
                raise GraphError(33, "Object does not exist")
            body = await self._json(request)
            if body.get("messaging_product") != "whatsapp":
                raise GraphError(100, "Invalid parameter: messaging_product")
            answer = self._mark(body) if body.get("status") == "read" else self._send(body)
        except GraphError as error:
            return JSONResponse(error.body(), error.status)
        if self.world.faults.hit("graph", "drop", "messages"):
            return JSONResponse(GraphError(2, "Service temporarily unavailable", 503).body(), 503)
        return JSONResponse(answer)

    @staticmethod
    async def _json(request: Request) -> dict[str, Any]:
        try:
            body = await request.json()
        except ValueError as error:
            raise GraphError(100, "Invalid JSON") from error
        if not isinstance(body, dict):
            raise GraphError(100, "Invalid parameter")
        return body

    def _authorise(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            raise GraphError(190, "Invalid OAuth access token", 401)

    def _mark(self, body: dict[str, Any]) -> dict[str, Any]:
        person = self.network.inbound_from.get(need(body, "message_id"))
        if person is None:
            raise GraphError(131009, "Parameter value is not valid: message_id")
        self.network.marks.append({**body, "at": self.network.now()})
        typing = "typing_indicator" in body
        self.world.feed.publish({"type": "mark", "person": person, "id": body["message_id"], "typing": typing})
        return {"success": True}

    def _send(self, body: dict[str, Any]) -> dict[str, Any]:
        address = str(body.get("to") or need(body, "recipient"))
        person = same_person(address)
        kind = body.get("type", "text")
        if kind == "template":
            check_template(self.approved, body)
        elif kind not in CHECKS:
            raise GraphError(131051, "Message type is not supported")
        else:
            CHECKS[kind](body)
            self.network.check_window(person)
        self._check_media_ids(body)
        self.network.check_pace(person)
        message_id = inbound.wamid()
        self.network.sent.append(body)
        entry = {"direction": "out", "id": message_id, "message": body, "at": self.network.now(), "state": "sent"}
        self.network.thread[person].append(entry)
        self.world.feed.publish({"type": "message", "person": person, "entry": entry})
        self._report(entry, address, body.get("biz_opaque_callback_data"))
        contact = {"input": address, "wa_id": address.lstrip("+")}
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": message_id}]}

    def _check_media_ids(self, part: Any) -> None:
        """Every medium named by id must have been uploaded."""
        if isinstance(part, list):
            for item in part:
                self._check_media_ids(item)
        if isinstance(part, dict):
            for name, inner in part.items():
                if name in ("image", "document", "audio", "video", "sticker") and isinstance(inner, dict):
                    if "id" in inner and inner["id"] not in self.network.media:
                        raise GraphError(131009, f"Parameter value is not valid: {name}.id")
                self._check_media_ids(inner)

    def _report(self, entry: dict[str, Any], address: str, callback: str | None) -> None:
        """Sent, delivered, read: each a webhook of its own."""
        recipient = address.lstrip("+")
        for state, after in (("sent", 0.05), ("delivered", 0.4), ("read", 1.2)):
            made = inbound.status(entry["id"], state, self.network.now() + after, recipient, callback)
            self.deliver.post(inbound.envelope({"statuses": [made]}), after=after)
        entry["state"] = "read"

    async def upload(
        self,
        number: str,
        request: Request,
        file: Annotated[UploadFile, File()],
        messaging_product: Annotated[str, Form()],
    ) -> JSONResponse:
        """A file to send by id."""
        try:
            self._authorise(request)
            await self.world.faults.delay("graph", "media")
            if number != inbound.PHONE_NUMBER_ID or messaging_product != "whatsapp":
                raise GraphError(100, "Invalid parameter")
            content, mime = await file.read(), (file.content_type or "").lower()
            limit = next((size for kind, size in MEDIA_LIMITS.items() if mime.startswith(kind)), None)
            if limit is None or mime == "audio/opus":
                raise GraphError(131053, f"Unsupported media type {mime}")
            if not 0 < len(content) <= limit:
                raise GraphError(131053, "Media size is not allowed")
        except GraphError as error:
            return JSONResponse(error.body(), error.status)
        return JSONResponse({"id": self.network.keep(mime, content, file.filename or "").id})

    async def media_url(self, media_id: str, request: Request) -> JSONResponse:
        """Where a medium can be fetched."""
        try:
            self._authorise(request)
            medium = self.network.media.get(media_id)
            if medium is None:
                raise GraphError(100, "Object does not exist", 404)
        except GraphError as error:
            return JSONResponse(error.body(), error.status)
        base = str(request.base_url).rstrip("/")
        return JSONResponse(
            {
                "url": f"{base}/graph/download/{media_id}?t={medium.token}",
                "mime_type": medium.mime,
                "file_size": len(medium.content),
                "id": media_id,
                "messaging_product": "whatsapp",
            }
        )

    async def media_bytes(self, media_id: str, t: str, request: Request) -> Response:
        """The bytes, with the same token."""
        medium = self.network.media.get(media_id)
        if medium is None or medium.token != t:
            return Response(status_code=404)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return Response(status_code=401)
        return Response(medium.content, media_type=medium.mime)

    async def media_delete(self, media_id: str, request: Request) -> JSONResponse:
        """Gone."""
        try:
            self._authorise(request)
        except GraphError as error:
            return JSONResponse(error.body(), error.status)
        return JSONResponse({"success": self.network.media.pop(media_id, None) is not None})

    async def templates(self, request: Request) -> JSONResponse:
        """What is approved."""
        try:
            self._authorise(request)
        except GraphError as error:
            return JSONResponse(error.body(), error.status)
        rows = [{**t, "language": language, "status": "APPROVED"} for (_, language), t in self.approved.items()]
        return JSONResponse({"data": rows})

    async def sent(self, to: str | None = None) -> list[dict[str, Any]]:
        """The accepted bodies in order."""
        if to is None:
            return self.network.sent
        return [b for b in self.network.sent if same_person(str(b.get("to") or b.get("recipient"))) == same_person(to)]

    async def marks(self, to: str | None = None) -> list[dict[str, Any]]:
        """Read marks and typing indicators."""
        if to is None:
            return self.network.marks
        mine = {m for m, person in self.network.inbound_from.items() if person == same_person(to)}
        return [m for m in self.network.marks if m["message_id"] in mine]

    async def thread(self, person: str) -> list[dict[str, Any]]:
        """Both sides of a conversation, for the phone page."""
        return self.network.thread.get(same_person(person), [])

    async def control_media(self, media_id: str) -> Response:
        """A medium's bytes, without a token: this is the phone looking at its own file."""
        medium = self.network.media.get(media_id)
        if medium is None:
            return Response(status_code=404)
        headers = {"Content-Disposition": f'inline; filename="{medium.filename or media_id}"'}
        return Response(medium.content, media_type=medium.mime, headers=headers)

    async def control_upload(self, file: Annotated[UploadFile, File()]) -> dict[str, str]:
        """A file the citizen is about to send."""
        medium = self.network.keep(
            file.content_type or "application/octet-stream", await file.read(), file.filename or ""
        )
        return {"id": medium.id, "mime": medium.mime}

    async def inbound(self, body: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
        """Act as a citizen: `{"from" or "bsuid", "name"?, "message": {...without id}}` or `{"text": ...}`."""
        wa_id, bsuid = body.get("from"), body.get("bsuid")
        made = body.get("message") or {"type": "text", "text": {"body": body.get("text", "")}}
        made = {"id": inbound.wamid(), "timestamp": str(int(self.network.now())), **made}
        full = inbound.from_citizen([made], name=body.get("name", "Citizen"), wa_id=wa_id, bsuid=bsuid)
        self.network.heard(same_person(wa_id or bsuid or ""), made)
        self.world.feed.publish({"type": "message", "person": same_person(wa_id or bsuid or ""), "entry": None})
        self.deliver.post(full)
        return {"id": made["id"]}
