"""Who may call what, and the refusals word for word (agora.md 2.2 and 2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Request

from sandbox.agora.account import Agent, Bot, Directory

UNDERSCORED, DASHED = b"api_access_token", b"api-access-token"


class Refusal(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(str(status))
        self.status, self.body = status, body


@dataclass(frozen=True)
class Caller:
    """Whose token it is."""

    who: Bot | Agent

    @property
    def bot(self) -> bool:
        """An AgentBot, which may do less."""
        return isinstance(self.who, Bot)

    @property
    def admin(self) -> bool:
        """May change the account's settings."""
        return isinstance(self.who, Agent) and self.who.role == "administrator"

    def sender(self) -> dict[str, Any]:
        """As the author of a message."""
        return self.who.view() if isinstance(self.who, Bot) else self.who.sender()


def missing() -> Refusal:
    """Any id that the account does not have."""
    return Refusal(404, {"error": "Resource could not be found"})


def taken(name: str) -> Refusal:
    """A value that another record has; which one is not said."""
    return invalid(name, f"{name.replace('_', ' ').capitalize()} has already been taken")


def invalid(name: str, words: str) -> Refusal:
    """A record that does not validate."""
    return Refusal(422, {"message": words, "attributes": [name]})


def broken() -> Refusal:
    """What the real one does not catch: 500 and no JSON to speak of."""
    return Refusal(500, {})


def identify(request: Request, directory: Directory, *, drop_underscores: bool = False) -> Caller:
    """The token's owner. `Authorization: Bearer` is nothing here and counts as no token.

    Args:
        request: the call.
        directory: the account.
        drop_underscores: act as nginx in front, which drops the header spelt with underscores.

    Raises:
        Refusal: 401.
    """
    headers = dict(request.headers.raw)
    token = headers.get(DASHED) or (None if drop_underscores else headers.get(UNDERSCORED))
    if not token:
        raise Refusal(401, {"errors": ["You need to sign in or sign up before continuing."]})
    everybody: list[Bot | Agent] = [directory.bot, *directory.agents]
    for who in everybody:
        if who.secret.encode() == token:
            return Caller(who)
    raise Refusal(401, {"error": "Invalid Access Token"})


def allow(caller: Caller, directory: Directory, account: int, *, bots: bool, admin: bool = False) -> None:
    """Refuse what this caller may not do.

    Raises:
        Refusal: 401, for a missing right too.
    """
    if caller.bot and not bots:
        raise Refusal(401, {"error": "Access to this endpoint is not authorized for bots"})
    if account != directory.account.id:
        who = "Bot is" if caller.bot else "You are"
        raise Refusal(401, {"error": f"{who} not authorized to access this account"})
    member = caller.bot or caller.admin or caller.who.id in directory.inbox.members
    if not member or (admin and not caller.admin):
        raise Refusal(401, {"error": "You are not authorized to do this action"})
