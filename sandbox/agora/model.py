"""Contacts, conversations and messages as records. How they look outside is in `views` and `payloads`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from sandbox.agora.account import Agent, Bot, Json, Team

STATUSES = ("open", "resolved", "pending", "snoozed")
PRIORITIES = ("low", "medium", "high", "urgent")
INCOMING, OUTGOING, ACTIVITY, TEMPLATE = range(4)
KINDS = {"incoming": INCOMING, "outgoing": OUTGOING, "activity": ACTIVITY, "template": TEMPLATE}


@dataclass(eq=False)
class Contact:
    """A person. `sources` are the inbox's ids of them, unique in the inbox."""

    id: int
    fields: Json
    created_at: float
    sources: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    last_activity_at: float | None = None

    @property
    def blocked(self) -> bool:
        """A blocked one's conversations are resolved from the start."""
        return bool(self.fields.get("blocked"))


@dataclass(eq=False)
class Attachment:
    """A file of a message."""

    id: int
    key: str
    name: str
    mime: str
    content: bytes
    size: tuple[int, int] | None = None

    @property
    def file_type(self) -> str:
        """The part's MIME type decides what it is."""
        kind = self.mime.split("/")[0]
        return kind if kind in ("image", "video", "audio") else "file"


@dataclass(eq=False)
class Message:
    """One line of a conversation. `sender` is None for the account's own automatic lines."""

    id: int
    conversation: Conversation
    kind: int
    content: str | None
    created_at: float
    sender: Contact | Agent | Bot | None
    private: bool = False
    status: str = "sent"
    content_type: str = "text"
    attributes: Json = field(default_factory=dict)
    additional: Json = field(default_factory=dict)
    source_id: str | None = None
    echo_id: str | None = None
    updated_at: float = 0.0
    attachments: list[Attachment] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.updated_at = self.updated_at or self.created_at

    @property
    def human(self) -> bool:
        """A public answer of a person: ends the waiting time."""
        return self.kind == OUTGOING and not self.private and isinstance(self.sender, Agent)


@dataclass(eq=False)
class Conversation:
    """One conversation. `display` is the id that URLs and answers carry; `row` is the database's."""

    display: int
    row: int
    contact: Contact
    source_id: str
    status: str
    created_at: float
    custom: Json
    additional: Json
    uuid: str = field(default_factory=lambda: str(uuid4()))
    labels: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    priority: str | None = None
    team: Team | None = None
    assignee: Agent | Bot | None = None
    snoozed_until: float | None = None
    waiting_since: float | None = None
    first_reply_at: float | None = None
    agent_seen_at: float | None = None
    contact_seen_at: float | None = None
    updated_at: float = 0.0
    handed_off: int = 0
    hmac_verified: bool = False

    @property
    def unread(self) -> list[Message]:
        """What came in since an agent last looked."""
        seen = self.agent_seen_at or 0.0
        return [m for m in self.messages if m.kind == INCOMING and m.created_at > seen]

    @property
    def last_activity_at(self) -> float:
        """The last message's time."""
        return self.messages[-1].created_at if self.messages else self.created_at

    def can_reply(self, window_hours: int | None, now: float) -> bool:
        """Whether the window of so many hours after the last incoming message is open."""
        if window_hours is None:
            return True
        came = [m.created_at for m in self.messages if m.kind == INCOMING]
        return bool(came) and now - came[-1] < window_hours * 3600


def iso(at: float | None) -> str | None:
    """Rails' way to write a time."""
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
