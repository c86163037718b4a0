"""The other end of the line: what each citizen's phone holds, when they last wrote, and how fast María writes."""

from __future__ import annotations

import re
import secrets
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from sandbox.whatsapp.limits import GraphError
from sandbox.world import World

WINDOW_SECONDS = 24 * 3600
NUMBER_PER_SECOND = 80
PAIR_BURST, PAIR_SECONDS = 45, 6.0


def same_person(address: str) -> str:
    """The key of a person: a BSUID as it is, a phone by its last ten digits (52 and 521 are one, section 4)."""
    if re.match(r"^[A-Z]{2}\.", address):
        return address
    return re.sub(r"\D", "", address)[-10:]


@dataclass
class Medium:
    """A file at Meta's."""

    id: str
    mime: str
    content: bytes
    filename: str = ""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(8))


@dataclass
class Network:
    """All of it in memory; reset empties it."""

    world: World
    sent: list[dict[str, Any]] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)
    thread: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    media: dict[str, Medium] = field(default_factory=dict)
    last_inbound: dict[str, float] = field(default_factory=dict)
    inbound_from: dict[str, str] = field(default_factory=dict)  # message id → person
    _pace: deque[float] = field(default_factory=deque)
    _pair: dict[str, tuple[float, float]] = field(default_factory=dict)  # person → (tokens, at)

    def __post_init__(self) -> None:
        self.world.on_reset(self.clear)

    def clear(self) -> None:
        """Empty everything."""
        for held in (self.sent, self.marks, self.thread, self.media, self.last_inbound, self.inbound_from):
            held.clear()  # type: ignore[attr-defined]
        self._pace.clear()
        self._pair.clear()

    def now(self) -> float:
        """Unix seconds of the sandbox."""
        return self.world.clock.now().timestamp()

    def keep(self, mime: str, content: bytes, filename: str = "") -> Medium:
        """Store a file and give it an id."""
        medium = Medium(str(secrets.randbelow(10**15)), mime, content, filename)
        self.media[medium.id] = medium
        return medium

    def heard(self, person: str, message: dict[str, Any]) -> None:
        """A citizen wrote: the window opens again."""
        self.last_inbound[person] = self.now()
        self.inbound_from[message["id"]] = person
        self.thread[person].append({"direction": "in", "message": message, "at": self.now()})

    def check_window(self, person: str) -> None:
        """Free text only within 24 hours of the citizen's last message (131047)."""
        if self.now() - self.last_inbound.get(person, 0) > WINDOW_SECONDS:
            raise GraphError(131047, "More than 24 hours have passed since the recipient last replied")

    def check_pace(self, person: str) -> None:
        """80 a second for the number (130429); for one person a burst of 45, then one per 6 seconds (131056)."""
        now = self.now()
        while self._pace and now - self._pace[0] >= 1:
            self._pace.popleft()
        if len(self._pace) >= NUMBER_PER_SECOND:
            raise GraphError(130429, "Rate limit hit", 400)
        tokens, at = self._pair.get(person, (float(PAIR_BURST), now))
        tokens = min(float(PAIR_BURST), tokens + (now - at) / PAIR_SECONDS)
        if tokens < 1:
            raise GraphError(131056, "Too many messages sent from this phone number to the same recipient")
        self._pair[person] = (tokens - 1, now)
        self._pace.append(now)
