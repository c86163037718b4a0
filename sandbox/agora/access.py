"""Who may call what, and the refusals word for word (agora.md 2.2 and 2.3)."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Any

from fastapi import Request

ACCOUNT = 2


class Role(StrEnum):
    """Whose token it is."""

    BOT = "bot"
    AGENT = "agent"


class Refusal(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(str(status))
        self.status, self.body = status, body


def missing() -> Refusal:
    """Any id that the account does not have."""
    return Refusal(404, {"error": "Resource could not be found"})


def taken(name: str) -> Refusal:
    """A value that another record has; which one is not said."""
    words = name.replace("_", " ").capitalize()
    return Refusal(422, {"message": f"{words} has already been taken", "attributes": [name]})


def admit(request: Request, account: int, *, bots: bool) -> Role:
    """The caller's role.

    `Api-Access-Token` in either spelling; `Authorization: Bearer` is nothing here and counts as no token.
    """
    token = request.headers.get("api-access-token") or request.headers.get("api_access_token")
    if not token:
        raise Refusal(401, {"errors": ["You need to sign in or sign up before continuing."]})
    role = {
        os.environ.get("AGORA_BOT_TOKEN", "sandbox-agora-bot"): Role.BOT,
        os.environ.get("AGORA_USER_TOKEN", "sandbox-agora-user"): Role.AGENT,
    }.get(token)
    if role is None:
        raise Refusal(401, {"error": "Invalid Access Token"})
    if role is Role.BOT and not bots:
        raise Refusal(401, {"error": "Access to this endpoint is not authorized for bots"})
    if account != ACCOUNT:
        who = "Bot is" if role is Role.BOT else "You are"
        raise Refusal(401, {"error": f"{who} not authorized to access this account"})
    return role
