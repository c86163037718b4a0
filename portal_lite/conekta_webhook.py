"""`POST /webhooks/conekta`: kept if its signature holds, answered at once, worked on by the worker."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from services.payments.errors import PaymentsUnavailable, WebhookRejected
from services.payments.service import Payments
from services.webhooks import TooBig, read_body

MOST_BYTES = 1 << 20


def build(payments: Payments) -> APIRouter:
    """200 kept (or known), 401 nobody signed it, 413 too large, 503 come again."""
    router = APIRouter()

    @router.post("/webhooks/conekta")
    async def conekta(request: Request) -> Response:
        try:
            raw = await read_body(request.stream(), MOST_BYTES, request.headers.get("content-length"))
            await payments.accept_webhook(raw, request.headers.get("digest"))
        except TooBig:
            return Response(status_code=413)
        except WebhookRejected:
            return Response(status_code=401)
        except PaymentsUnavailable:
            return Response(status_code=503)
        return Response(status_code=200)

    return router
