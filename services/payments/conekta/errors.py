"""Conekta's HTTP answers as our errors (payments.md 9)."""

from __future__ import annotations

from typing import Any

import httpx
import structlog

from services.errors import ServiceError
from services.metrics import GATEWAY_MISCONFIGURED
from services.payments.errors import Misconfigured, OrderMissing, PaymentRefused, PaymentsUnavailable, PaymentUnknown

log = structlog.get_logger(__name__)
CONFIGURATION = (401, 403, 409)  # key or Accept version: an alarm for us, not the citizen's doing


def broken_line(error: httpx.HTTPError, *, is_write: bool) -> ServiceError:
    """No answer came. A connection that never stood surely did nothing."""
    name = type(error).__name__
    if is_write and not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return PaymentUnknown(name)
    return PaymentsUnavailable(name)


def refusal(answer: httpx.Response, *, is_write: bool) -> ServiceError:
    """An answer that is no success. 5xx after a write leaves the outcome open."""
    if answer.status_code >= 500:
        return (PaymentUnknown if is_write else PaymentsUnavailable)(str(answer.status_code))
    if answer.status_code == 429:
        return PaymentsUnavailable("429")
    if answer.status_code == 404:
        return OrderMissing()
    kind, code, log_id = _told(answer)
    ours = answer.status_code in CONFIGURATION
    record = log.error if ours else log.warning
    if ours:
        GATEWAY_MISCONFIGURED.labels(str(answer.status_code)).inc()
    record(
        "conekta_misconfigured" if ours else "conekta_refused",
        status=answer.status_code,
        type=kind,
        code=code,
        log_id=log_id,
    )
    return (Misconfigured if ours else PaymentRefused)(f"{answer.status_code} {code}")


def refused_order(answer: httpx.Response) -> dict[str, Any] | None:
    """The order that was made although its charge was refused: a 402 carries it whole (payments.md 9)."""
    if answer.status_code != 402:
        return None
    try:
        body = answer.json().get("data")
    except (ValueError, AttributeError):
        return None
    return body if isinstance(body, dict) and body.get("id") else None


def _told(answer: httpx.Response) -> tuple[str, str, str]:
    """Type, first code and `log_id` of the error body."""
    try:
        body = answer.json()
        details = body.get("details") or [{}]
        return str(body.get("type")), str(details[0].get("code")), str(body.get("log_id"))
    except (ValueError, AttributeError, IndexError, TypeError):
        return "", "", ""
