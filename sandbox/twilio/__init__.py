"""Twilio's stand-in: SMS by the Messages resource (notify_vendors.md section 1)."""

from __future__ import annotations

import base64
import re
import secrets
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from sandbox.world import World

SID, TOKEN = "ACsandbox", "sandbox-twilio-token"  # opens nothing but this sandbox
LONGEST = 1600


def build(world: World) -> APIRouter:
    """`/twilio/2010-04-01/Accounts/{sid}/Messages.json` and what was sent."""
    router = APIRouter()
    sent: list[dict[str, Any]] = []
    world.on_reset(sent.clear)

    @router.post("/twilio/2010-04-01/Accounts/{sid}/Messages.json")
    async def send(sid: str, request: Request) -> JSONResponse:
        await world.faults.delay("twilio")
        if broken := world.faults.hit("twilio", "error"):
            return _error(broken.code or 20429, "Too many requests", broken.status)
        expected = "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if sid != SID or request.headers.get("authorization") != expected:
            return _error(20003, "Authenticate", 401)
        form = await request.form()
        to, body = str(form.get("To", "")), str(form.get("Body", ""))
        if not re.fullmatch(r"\+\d{11,15}", to):
            return _error(21211, "The 'To' number is not a valid phone number.", 400)
        if not form.get("From") and not form.get("MessagingServiceSid"):
            return _error(21603, "A 'From' phone number is required.", 400)
        if not body:
            return _error(21602, "Message body is required.", 400)
        if len(body) > LONGEST:
            return _error(21617, "The concatenated message body exceeds the 1600 character limit.", 400)
        message = {"sid": f"SM{secrets.token_hex(16)}", "status": "queued", "to": to, "body": body}
        sent.append(message)
        world.feed.publish({"type": "sms", **message})
        return JSONResponse({**message, "num_segments": "1", "error_code": None}, 201)

    @router.get("/control/twilio/sent")
    async def list_sent(to: str | None = None) -> list[dict[str, Any]]:
        return [m for m in sent if to is None or m["to"][-10:] == re.sub(r"\D", "", to)[-10:]]

    return router


def _error(code: int, message: str, status: int) -> JSONResponse:
    return JSONResponse({"code": code, "message": message, "more_info": "", "status": status}, status)
