"""Who and what the account has: agents, bot, teams, labels, canned replies, the inbox (`account.yml`)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

DEFAULT = Path(__file__).parent / "account.yml"
Json = dict[str, Any]


class Part(BaseModel):
    """A misspelt key in the file is an error."""

    model_config = ConfigDict(extra="forbid")


class Named(Part):
    """Whoever can hold a token. The environment's value (`token_from`) wins over the file's."""

    id: int
    name: str
    token: str
    token_from: str | None = None

    @property
    def secret(self) -> str:
        """The token that opens the API."""
        return os.environ.get(self.token_from or "", "") or self.token


class Bot(Named):
    """An AgentBot: María."""

    description: str = ""

    def view(self) -> Json:
        """As a sender."""
        return {"id": self.id, "name": self.name, "avatar_url": "", "type": "agent_bot"}


class Agent(Named):
    """A user of the dashboard. `person` False: an integration's account, never at the page."""

    email: str
    role: Literal["agent", "administrator"] = "agent"
    availability: Literal["online", "busy", "offline"] = "offline"
    person: bool = True

    def sender(self) -> Json:
        """As the sender of a message, and as an assignee in a webhook."""
        known = {"id": self.id, "name": self.name, "available_name": self.name.split()[0], "avatar_url": ""}
        return {**known, "type": "user", "availability_status": self.availability, "thumbnail": ""}

    def row(self, account: int) -> Json:
        """As `/agents` lists it."""
        return {
            "id": self.id,
            "account_id": account,
            "availability_status": self.availability,
            "auto_offline": True,
            "confirmed": True,
            "email": self.email,
            "available_name": self.name.split()[0],
            "name": self.name,
            "role": self.role,
            "thumbnail": "",
            "custom_role_id": None,
        }


class Team(Part):
    """Agents by subject."""

    id: int
    name: str
    description: str = ""
    allow_auto_assign: bool = False
    members: list[int] = []

    def view(self, account: int, agent: int | None = None) -> Json:
        """As `/teams` lists it."""
        known = self.model_dump(exclude={"members"})
        return {**known, "account_id": account, "is_member": agent in self.members}


class Label(Part):
    """A tag that the account defines."""

    title: str
    color: str = "#1f93ff"
    description: str = ""
    show_on_sidebar: bool = True
    id: int = 0


class Canned(Part):
    """A ready answer behind a short code."""

    id: int
    short_code: str
    content: str


class Attribute(Part):
    """A custom attribute that filters know."""

    key: str
    name: str
    model: Literal["conversation", "contact"]


class Account(Part):
    """The account's own row."""

    id: int
    name: str


class InboxSettings(Part):
    """The API inbox (agora.md section 3). `webhook_url` and the secret come from the environment."""

    id: int
    name: str
    identifier: str
    timezone: str
    reply_window_hours: int | None = Field(None, description="None: no window")
    reply_window_message: str = ""
    templates: list[Json] = []
    opens: str = "08:00"
    closes: str = "17:00"
    members: list[int] = []
    webhook_url: str = Field(default_factory=lambda: os.environ.get("MARIA_AGORA_WEBHOOK_URL", ""))
    secret: str = Field(default_factory=lambda: os.environ.get("AGORA_WEBHOOK_SECRET") or "sandbox-agora-webhook")
    hmac_token: str = "sandbox-agora-hmac"  # noqa: S105  # opens nothing but this sandbox
    csat_survey_enabled: bool = False
    enable_auto_assignment: bool = False
    lock_to_single_conversation: bool = False
    working_hours_enabled: bool = True
    bot_id: int | None = None


class Directory(Part):
    """The whole file; changed by the set-up calls, read again on reset."""

    account: Account
    bot: Bot
    agents: list[Agent]
    teams: list[Team]
    labels: list[Label]
    canned: list[Canned]
    attributes: list[Attribute]
    inbox: InboxSettings

    def agent(self, number: Any) -> Agent | None:
        """By id."""
        return next((a for a in self.agents if a.id == number), None)

    def team(self, number: Any) -> Team | None:
        """By id."""
        return next((t for t in self.teams if t.id == number), None)


def read_directory() -> Directory:
    """The file's content, labels numbered.

    Raises:
        ValueError: with the place and the reason.
    """
    path = Path(os.environ.get("SANDBOX_AGORA") or DEFAULT)
    found = Directory.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    for number, label in enumerate(found.labels, 301):
        label.id = number
    return found
