"""SendGrid's stand-in: mail by v3 (notify_vendors.md section 2)."""

from __future__ import annotations

import secrets
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from sandbox.world import World

KEY = "SG.sandbox"


def build(world: World) -> APIRouter:
    """`/sendgrid/v3/mail/send` and what was sent."""
    router = APIRouter()
    sent: list[dict[str, Any]] = []
    world.on_reset(sent.clear)

    @router.post("/sendgrid/v3/mail/send")
    async def send(request: Request) -> Response:
        await world.faults.delay("sendgrid")
        if broken := world.faults.hit("sendgrid", "error"):
            return _error("unavailable", None, broken.status)
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return _error("The provided authorization grant is invalid, expired, or revoked", None, 401)
        body: dict[str, Any] = await request.json()
        if problem := _problem(body):
            return _error(*problem, 400)
        mail = {"id": secrets.token_urlsafe(16), **body}
        sent.append(mail)
        world.feed.publish({"type": "email", "mail": mail})
        return Response(status_code=202, headers={"X-Message-Id": mail["id"]})

    @router.get("/control/sendgrid/sent")
    async def list_sent(to: str | None = None) -> list[dict[str, Any]]:
        return [m for m in sent if to is None or to in _recipients(m)]

    return router


def _recipients(mail: dict[str, Any]) -> list[str]:
    return [t["email"] for p in mail["personalizations"] for t in p["to"]]


def _problem(body: dict[str, Any]) -> tuple[str, str] | None:
    personalizations = body.get("personalizations") or []
    if not personalizations or not all(p.get("to") for p in personalizations):
        return "The personalizations field is required and must have at least one personalization.", "personalizations"
    if any("@" not in str(t.get("email", "")) for p in personalizations for t in p["to"]):
        return "Does not contain a valid address.", "personalizations.0.to.0.email"
    if "@" not in str((body.get("from") or {}).get("email", "")):
        return "The from email does not contain a valid address.", "from.email"
    if not body.get("template_id") and (not body.get("subject") or not body.get("content")):
        return "The subject is required.", "subject"
    return None


def _error(message: str, field: str | None, status: int) -> Response:
    return JSONResponse({"errors": [{"message": message, "field": field, "help": None}]}, status)
