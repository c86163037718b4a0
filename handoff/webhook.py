"""`/webhooks/agora`: a doorbell. Checked, noted, acknowledged within AGORA's five seconds (agora.md section 5).

What it says is not believed: the conversation is read again. So a lost, doubled or late one costs nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from fastapi import APIRouter, BackgroundTasks, Request
from fastapi.responses import PlainTextResponse, Response

from handoff.mapping import mapping, message
from services.clock import Clock
from services.handoff.episodes import Handoffs
from services.handoff.port import RemoteMessage
from services.metrics import WEBHOOK_REFUSED, WEBHOOK_SECONDS
from services.webhooks import TooBig, read_body

log = structlog.get_logger(__name__)

CHANNEL = "agora"
MOST_BYTES = 2 * 1024 * 1024
OLDEST_SECONDS = 300
TYPING = "conversation_typing_on"
Typing = Callable[[int], Awaitable[None]]


def is_genuine(raw: bytes, stamp: str | None, signature: str | None, secret: str, now: float) -> bool:
    """Whether the signature is of these bytes and this time, and the time is near; compared in constant time."""
    if not (stamp and signature and secret) or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 13):
        return False
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
    near = abs(now - int(stamp)) <= OLDEST_SECONDS
    return hmac.compare_digest(f"sha256={digest}".encode(), signature.encode()) and near


def build(handoffs: Handoffs, *, secret: str, account: int, inbox: int, typing: Typing, wall: Clock) -> APIRouter:
    """The router. `typing` shows the citizen that somebody writes.

    Raises:
        ValueError: there is no secret; without it anybody could ring.
    """
    if not secret:
        raise ValueError("AGORA_WEBHOOK_SECRET must be set")
    router = APIRouter()

    @router.post("/webhooks/agora")
    async def receive(request: Request, after: BackgroundTasks) -> Response:
        with WEBHOOK_SECONDS.labels(CHANNEL).time():
            try:
                raw = await read_body(request.stream(), MOST_BYTES, request.headers.get("content-length"))
            except TooBig:
                return _refuse("too_big", 413)
            stamp, signature = request.headers.get("x-chatwoot-timestamp"), request.headers.get("x-chatwoot-signature")
            if not is_genuine(raw, stamp, signature, secret, wall.now().timestamp()):
                return _refuse("signature", 401)
            body = _decode(raw)
            conversation = conversation_of(body, account, inbox)
            if conversation is None:
                return PlainTextResponse("")
            if body.get("event") == TYPING:
                if body.get("is_private") is False:
                    after.add_task(typing, conversation)
            else:
                await handoffs.ring(conversation, touched(body))
        return PlainTextResponse("")

    return router


def conversation_of(body: dict[str, Any], account: int, inbox: int) -> int | None:
    """The display id, where the event is of our account and inbox; message events carry it inside."""
    inside = mapping(body.get("conversation")) or body
    theirs = mapping(body.get("account")).get("id") or mapping(inside.get("account")).get("id") or account
    place = mapping(body.get("inbox")).get("id") or inside.get("inbox_id")
    number = inside.get("id")
    if theirs != account or place != inbox or not isinstance(number, int) or isinstance(number, bool):
        return None
    return number


def touched(body: dict[str, Any]) -> RemoteMessage | None:
    """An agent's message that changed: *Retry*, a deletion, other words, or only its state (section 5.5)."""
    outgoing = body.get("event") == "message_updated" and body.get("message_type") == "outgoing"
    return message(body) if outgoing and body.get("private") is False else None


def _decode(raw: bytes) -> dict[str, Any]:
    try:
        return mapping(json.loads(raw))
    except (ValueError, RecursionError):
        log.warning("webhook_unreadable", channel=CHANNEL, size=len(raw))
        return {}


def _refuse(why: str, status: int) -> Response:
    WEBHOOK_REFUSED.labels(CHANNEL, why).inc()
    log.warning("webhook_refused", channel=CHANNEL, why=why)
    return PlainTextResponse("", status)
