"""`/webhooks/whatsapp`: checked, stored, acknowledged (whatsapp.md section 1)."""

from __future__ import annotations

import json
from typing import Any

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from channels.whatsapp.parser import CHANNEL, Parsed, parse
from channels.whatsapp.signature import is_genuine, is_subscriber
from services.messaging.ingest import Delivery, Ingest
from services.metrics import WEBHOOK_MESSAGES, WEBHOOK_REFUSED, WEBHOOK_SECONDS
from services.webhooks import TooBig, read_body

log = structlog.get_logger(__name__)

MOST_BYTES = 3 * 1024 * 1024


def build(ingest: Ingest, *, app_secret: str, verify_token: str, phone_number_id: str) -> APIRouter:
    """The router.

    Raises:
        ValueError: a secret is missing; without it anybody could speak for a citizen.
    """
    if not app_secret or not verify_token:
        raise ValueError("WHATSAPP_APP_SECRET and WHATSAPP_VERIFY_TOKEN must be set")
    router = APIRouter()

    @router.get("/webhooks/whatsapp")
    async def verify(request: Request) -> Response:
        query = request.query_params
        if not is_subscriber(query.get("hub.mode"), query.get("hub.verify_token"), verify_token):
            return PlainTextResponse("", 403)
        return PlainTextResponse(query.get("hub.challenge", ""))

    @router.post("/webhooks/whatsapp")
    async def receive(request: Request) -> Response:
        with WEBHOOK_SECONDS.labels(CHANNEL).time():
            try:
                raw = await read_body(request.stream(), MOST_BYTES, request.headers.get("content-length"))
            except TooBig:
                return _refuse("too_big", 413)
            if not is_genuine(raw, request.headers.get("x-hub-signature-256"), app_secret):
                return _refuse("signature", 401)
            await _take(ingest, parse(_decode(raw), phone_number_id))
        return PlainTextResponse("")

    return router


def _decode(raw: bytes) -> Any:
    """A genuine body that cannot be read is acknowledged all the same, or it comes back for a week."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        log.warning("webhook_unreadable", size=len(raw))
        return None


async def _take(ingest: Ingest, parsed: Parsed) -> None:
    stored = await ingest.store(Delivery(parsed.messages, parsed.statuses, parsed.changes))
    WEBHOOK_MESSAGES.labels(CHANNEL, "fresh").inc(stored.fresh)
    WEBHOOK_MESSAGES.labels(CHANNEL, "repeat").inc(stored.repeats)
    if parsed.foreign or parsed.skipped:
        log.info("webhook_partly_read", foreign=parsed.foreign, skipped=parsed.skipped)


def _refuse(why: str, status: int) -> Response:
    WEBHOOK_REFUSED.labels(CHANNEL, why).inc()
    log.warning("webhook_refused", why=why)
    return PlainTextResponse("", status)
