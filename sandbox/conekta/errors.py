"""Conekta's refusals: HTTP status, type and details (payments.md 9)."""

from __future__ import annotations

import secrets
from typing import Any

TYPES = {
    400: "malformed_request_error",
    401: "authentication_error",
    402: "processing_error",
    404: "resource_not_found_error",
    409: "conflict_error",
    422: "parameter_validation_error",
    428: "precondition_required_error",
    500: "api_error",
}
GENERAL_FAILURE = "api.system.general_failure"


class ConektaError(Exception):
    """A refusal. `code` comes without its `conekta.errors.` in front."""

    def __init__(
        self, status: int, code: str, message: str, *, param: str | None = None, order: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.param = param
        self.order = order  # a refused charge leaves one, and the answer carries it

    def body(self) -> dict[str, Any]:
        """The JSON of the answer."""
        detail = {
            "code": f"conekta.errors.{self.code}",
            "param": self.param,
            "message": self.message,
            "debug_message": self.message,
        }
        kind = TYPES.get(self.status, "api_error")
        body = {"object": "error", "type": kind, "log_id": secrets.token_hex(12), "details": [detail]}
        return body if self.order is None else {**body, "data": self.order}


def not_allowed(param: str) -> ConektaError:
    """A field that Conekta does not know."""
    text = f'The "{param}" parameter is not allowed'
    return ConektaError(422, "parameter_validation.whitelist", text, param=param)


def invalid(param: str, why: str) -> ConektaError:
    """A field that is missing or cannot be."""
    return ConektaError(422, f"parameter_validation.{param}", f'The "{param}" parameter {why}', param=param)


def not_found(kind: str, key: str) -> ConektaError:
    """No such thing."""
    return ConektaError(404, "resource_not_found.entity", f'The object {kind} "{key}" could not be found')
