"""The Graph API's refusals: codes, HTTP statuses and the envelope they come in."""

from __future__ import annotations

import secrets
from typing import Any

TITLES: dict[int, tuple[int, str]] = {
    0: (401, "AuthException"),
    1: (400, "API Unknown"),
    2: (503, "API Service"),
    4: (400, "API Too Many Calls"),
    10: (403, "Permission Denied"),
    33: (400, "Parameter value is not valid"),
    100: (400, "Invalid parameter"),
    190: (401, "Access token has expired"),
    368: (403, "Temporarily blocked for policies violations"),
    80007: (400, "Rate limit issues"),
    130429: (400, "Rate limit hit"),
    130472: (400, "User's number is part of an experiment"),
    131000: (500, "Something went wrong"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (500, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131031: (403, "Account has been locked"),
    131045: (500, "Incorrect certificate"),
    131047: (400, "Re-engagement message"),
    131048: (400, "Spam rate limit hit"),
    131049: (400, "This message was not delivered to maintain healthy ecosystem engagement"),
    131050: (400, "User has stopped marketing messages"),
    131051: (400, "Unsupported message type"),
    131052: (400, "Media download error"),
    131053: (400, "Media upload error"),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit"),
    131057: (500, "Account in maintenance mode"),
    131062: (400, "Business-scoped user id is not supported for this message"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132005: (400, "Translated text too long"),
    132008: (400, "Parameter format mismatch"),
    132012: (400, "Parameter format does not match format in the created template"),
    132015: (400, "Template is paused"),
    132016: (400, "Template is disabled"),
    133004: (503, "Server temporarily unavailable"),
    135000: (400, "Generic user error"),
}


class GraphError(Exception):
    """A refusal. `code` is Meta's own, `status` the HTTP status that goes with it, `details` says what was wrong."""

    def __init__(self, code: int, details: str = "", status: int | None = None) -> None:
        known_status, self.title = TITLES.get(code, (400, "Unknown error"))
        super().__init__(f"(#{code}) {self.title}: {details}")
        self.code = code
        self.status = status or known_status
        self.details = details

    def envelope(self) -> dict[str, Any]:
        """The JSON body of the answer (reference/whatsapp.md, section 6)."""
        data = {"messaging_product": "whatsapp", "details": self.details}
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {self.title}",
            "type": "OAuthException",
            "code": self.code,
            "error_data": data,
            "fbtrace_id": "A" + secrets.token_urlsafe(16),
        }
        return {"error": error}

    def in_status(self) -> dict[str, Any]:
        """The same error as it stands in a `failed` status (section 3)."""
        error = {"code": self.code, "title": self.title, "message": self.title}
        return {**error, "error_data": {"details": self.details or self.title}}
