"""Everything that was said, by person: the citizens' phones as María's messages reach them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sandbox.whatsapp.ids import contact_key, is_bsuid
from sandbox.world import World

WINDOW = timedelta(hours=24)
RANK = {"accepted": 0, "sent": 1, "delivered": 2, "read": 3, "failed": 4}


@dataclass
class Line:
    """One message. `citizen` says who wrote it; `body` is the Graph or webhook JSON; `shown` a filled template."""

    id: str
    citizen: bool
    at: datetime
    body: dict[str, Any]
    status: str = "accepted"
    shown: dict[str, Any] | None = None
    error: str | None = None

    def view(self) -> dict[str, Any]:
        """For the phone page."""
        base = {"id": self.id, "direction": "in" if self.citizen else "out", "at": self.at.isoformat()}
        return {**base, "message": self.body, "status": self.status, "shown": self.shown, "error": self.error}


@dataclass
class Chat:
    """One person's conversation with María."""

    key: str
    wa_id: str | None = None
    user_id: str | None = None
    name: str | None = None
    username: str | None = None
    last_inbound: datetime | None = None
    lines: list[Line] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)


class Chats:
    """All conversations, the order of what was sent, and whose message each id is."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clear()

    def clear(self) -> None:
        """Forget everything; everybody counts as having written just now."""
        self.by_key: dict[str, Chat] = {}
        self.sent: list[dict[str, Any]] = []
        self.marks: list[dict[str, Any]] = []
        self.lines: dict[str, tuple[Chat, Line]] = {}
        self.absent: set[str] = set()
        self.outside: datetime = self.world.clock.now()

    def chat(self, address: str) -> Chat:
        """The chat of a phone number or BSUID; a person of the data keeps their own number and name."""
        key = contact_key(address)
        if key not in self.by_key:
            self.by_key[key] = self._new(key, address)
        return self.by_key[key]

    def _new(self, key: str, address: str) -> Chat:
        for person in self.world.data.content.persons:
            if key in {contact_key(a) for a in (person.wa_id, person.bsuid) if a}:
                return Chat(key, person.wa_id, person.bsuid, person.name, person.username)
        if is_bsuid(address):
            return Chat(key, user_id=address)
        digits = "".join(c for c in address if c.isdigit())
        mexican = len(digits) == 10 or (digits.startswith("52") and len(digits) in (12, 13))
        return Chat(key, wa_id=f"521{key}" if mexican else digits)

    def window_open(self, chat: Chat) -> bool:
        """Whether free text may be sent: 24 hours from the person's last message, by the sandbox's clock.

        For somebody who never wrote through the sandbox it counts from the start, or from the last message
        of an outside program that plays the citizen against María's webhook itself (see `mark`).
        """
        return self.world.clock.now() - (chat.last_inbound or self.outside) <= WINDOW

    def heard(self, chat: Chat, message: dict[str, Any]) -> Line:
        """The citizen wrote; the window opens (a reaction does not open it)."""
        line = Line(message["id"], True, self.world.clock.now(), message, "sent")
        if message.get("type") != "reaction":
            chat.last_inbound = line.at
        return self._append(chat, line)

    def say(self, chat: Chat, wamid: str, body: dict[str, Any], shown: dict[str, Any] | None) -> Line:
        """María's message was accepted."""
        self.sent.append(body)
        chat.sent.append(body)
        return self._append(chat, Line(wamid, False, self.world.clock.now(), body, shown=shown))

    def _append(self, chat: Chat, line: Line) -> Line:
        chat.lines.append(line)
        self.lines[line.id] = (chat, line)
        self.world.feed.publish({"type": "whatsapp.message", "chat": chat.key, "line": line.view()})
        return line

    def mark(self, body: dict[str, Any]) -> None:
        """María read a message, and perhaps types. An id of nobody's comes from an outside program's webhook."""
        self.marks.append(body)
        found = self.lines.get(body["message_id"])
        if found is None:
            self.outside = self.world.clock.now()
            return
        chat, read = found
        chat.marks.append(body)
        read.status = "read"
        for line in reversed(chat.lines[: chat.lines.index(read)]):
            if line.citizen and line.status == "read":
                break
            line.status = "read" if line.citizen else line.status
        typing = "typing_indicator" in body
        self.world.feed.publish({"type": "whatsapp.mark", "chat": chat.key, "id": read.id, "typing": typing})

    def knows(self, message_id: str) -> bool:
        """Whether a message can be reacted to."""
        return message_id in self.lines or any(m["message_id"] == message_id for m in self.marks)

    def advance(
        self, line: Line, status: Literal["sent", "delivered", "read", "failed"], error: str | None = None
    ) -> None:
        """A tick more; never back."""
        if RANK[status] <= RANK[line.status]:
            return
        line.status, line.error = status, error
        event = {"type": "whatsapp.status", "id": line.id, "status": status, "error": error}
        self.world.feed.publish(event)
