"""What María needs of the place where people answer. Its adapter is `handoff/`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from services.errors import NotFound, Refused, Unavailable, UnknownOutcome

Author = Literal["citizen", "maria", "agent", "system"]
Status = Literal["pending", "open", "snoozed", "resolved"]


class DeskDown(Unavailable):
    """It surely did not take it."""

    response = "utter_handoff_waiting"


class DeskUnknown(UnknownOutcome):
    """It may have taken it. `late`: it may even do so from now on."""

    response = "utter_handoff_waiting"

    def __init__(self, detail: str, *, late: bool) -> None:
        super().__init__(detail)
        self.late = late


class DeskRefused(Refused):
    """It understood and said no."""

    response = "utter_handoff_failed"


class DeskGone(NotFound):
    """What was there is there no longer."""

    response = "utter_handoff_failed"


@dataclass(frozen=True)
class Citizen:
    """Who is handed over. `phone` is the number they write from, E.164, if the channel shows it."""

    contact: str
    name: str
    phone: str | None = None
    contracts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """A conversation at the desk, as it is now."""

    id: int
    uuid: str | None
    status: Status
    agent: str | None = None
    unread: int | None = None  # messages of the citizen that nobody has looked at; None: it does not say


@dataclass(frozen=True)
class Sheet:
    """What hangs on a conversation."""

    labels: tuple[str, ...]
    priority: str
    team: str
    attributes: dict[str, str]


@dataclass(frozen=True)
class File:
    """Bytes with their name and kind."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class Posting:
    """A message for the desk. `source` is our own id of it, and comes back with it."""

    source: str
    way: Literal["note", "in", "maria"]
    text: str
    file: File | None = None
    reply_to: int | None = None


@dataclass(frozen=True)
class RemoteFile:
    """A file that an agent attached."""

    url: str
    name: str
    mime: str
    size: int | None = None


@dataclass(frozen=True)
class TemplateUse:
    """A template that an agent picked."""

    name: str
    language: str
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True)
class RemoteMessage:
    """A line of the conversation at the desk."""

    id: int
    author: Author
    private: bool
    text: str
    source: str | None = None
    name: str | None = None
    files: Sequence[RemoteFile] = ()
    template: TemplateUse | None = None
    reply_source: str | None = None  # our id of the message it quotes
    failed: bool = False
    deleted: bool = False
    options: tuple[str, ...] = field(default=())  # quick replies

    @property
    def digest(self) -> str:
        """Tells whether its words are still those that were brought over, without keeping them."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Rating:
    """What the citizen thinks of it. `source` is our own id of the question at the desk; `question` its words."""

    source: str
    stars: int  # 1..5
    words: str
    question: str


class Desk(Protocol):
    """Each call may raise `DeskDown`, `DeskUnknown`, `DeskRefused` or `DeskGone`."""

    async def meet(self, citizen: Citizen) -> int:
        """The desk's id of the citizen; made if it is new. Repeating it is harmless."""

    async def find(self, contact: str, episode: str) -> Place | None:
        """The conversation that was made for this episode, if there is one."""

    async def start(self, contact: str, person: int, episode: str, attributes: dict[str, str]) -> Place:
        """A new conversation that waits to be filled. Not to be repeated blindly."""

    async def hang(self, conversation: int, sheet: Sheet) -> None:
        """Labels, attributes, priority, team. Harmless to repeat."""

    async def put(self, conversation: int, posting: Posting) -> int:
        """A message; its id there. Not to be repeated blindly."""

    async def hand_over(self, conversation: int) -> Status:
        """Make it open; the status as the desk then tells it. Harmless to repeat."""

    async def end(self, conversation: int) -> Status:
        """Make it resolved. Harmless to repeat."""

    async def look(self, conversation: int) -> Place:
        """Status and agent."""

    async def after(self, conversation: int, message: int) -> list[RemoteMessage]:
        """The messages after one, oldest first; all of them."""

    async def report(self, conversation: int, message: int, state: str, reason: str | None = None) -> None:
        """What became of an agent's message: delivered, read, failed. Harmless to repeat."""

    async def rate(self, conversation: int, uuid: str | None, rating: Rating) -> None:
        """The citizen's rating, in the desk's own figures; opens nothing again. Harmless to repeat."""

    async def fetch(self, file: RemoteFile, most: int) -> bytes:
        """A file's bytes.

        Raises:
            DeskRefused: too big.
        """
