"""Everything AGORA keeps, in memory."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import count
from typing import Any

from pydantic import BaseModel, Field

from sandbox.agora.access import missing
from sandbox.agora.account import Directory, read_directory
from sandbox.agora.model import Attachment, Contact, Conversation, Message
from sandbox.world import World


class Behaviour(BaseModel):
    """What tests can set under `/control/agora/behaviour`."""

    version: str = Field(
        "4.15.1", pattern=r"^\d+\.\d+\.\d+$", description="signatures from 4.13, bots read from 4.14.2"
    )
    drop_underscores: bool = Field(False, description="act as a proxy that drops the header api_access_token")
    swallow_status: bool = Field(False, description="no conversation_status_changed when somebody is auto-assigned")

    def since(self, version: str) -> bool:
        """Whether this AGORA is at least that new."""
        return _parts(self.version) >= _parts(version)


@dataclass(frozen=True)
class Rating:
    """A CSAT answer, with the agent who had the conversation then."""

    id: int
    conversation: Conversation
    message: Message
    rating: int
    words: str
    agent_id: int | None
    at: float


class Store:
    """The account's records; ids go on after a reset, as a database's do."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.directory: Directory = read_directory()
        self.behaviour = Behaviour.model_validate({})
        self.contacts: dict[int, Contact] = {}
        self.conversations: dict[int, Conversation] = {}
        self.files: dict[str, Attachment] = {}
        self.ratings: list[Rating] = []
        self.ids = count(80_321)
        self.message_ids = count(910_021)
        self.displays = count(5_012)
        self.url = os.environ.get("SANDBOX_URL", "http://127.0.0.1:8100")
        world.on_reset(self.clear)

    def clear(self) -> None:
        """Forget everything."""
        self.directory = read_directory()
        self.behaviour = Behaviour.model_validate({})
        for book in (self.contacts, self.conversations, self.files, self.ratings):
            book.clear()

    def now(self) -> float:
        """Unix seconds by the sandbox's clock."""
        return self.world.clock.now().timestamp()

    @property
    def account(self) -> int:
        """The account's id."""
        return self.directory.account.id

    def contact(self, contact_id: Any) -> Contact:
        """By id."""
        found = self.contacts.get(_number(contact_id))
        if found is None:
            raise missing()
        return found

    def conversation(self, display: Any) -> Conversation:
        """By display id."""
        found = self.conversations.get(_number(display))
        if found is None:
            raise missing()
        return found

    def message(self, conversation: Conversation, message_id: int) -> Message:
        """A message of this conversation."""
        found = next((m for m in conversation.messages if m.id == message_id), None)
        if found is None:
            raise missing()
        return found

    def by_source(self, source_id: Any) -> Contact | None:
        """The contact that the inbox knows by this id."""
        return next((c for c in self.contacts.values() if source_id in c.sources), None)

    def can_reply(self, conversation: Conversation) -> bool:
        """Whether WhatsApp's window is open, as AGORA reckons it."""
        return conversation.can_reply(self.directory.inbox.reply_window_hours, self.now())


def _number(value: Any) -> int:
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else 0


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(p) for p in version.split("."))
