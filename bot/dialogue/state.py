"""What a conversation is in the middle of; kept as one JSON value in the slot `dialogue`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

SET_ASIDE_AT_MOST = 3


@dataclass
class Frame:
    """One errand under way. Its contract and details are its own, also while it is set aside."""

    errand: str
    contract: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    raw: dict[str, Any] = field(default_factory=dict)  # given before it was asked for; still to be checked
    wanted: bool = False  # asked for in the same breath as what is under way: served next, without an offer


@dataclass
class State:
    """The plan's whole memory."""

    frame: Frame | None = None
    aside: list[Frame] = field(default_factory=list)
    last: Frame | None = None
    asking: str | None = None
    checking: str | None = None
    given: Any = None
    proposed: Any = None  # an answer to what is asked, read from a photo; a yes takes it
    offer: bool = False
    contract: str | None = None
    levels: dict[str, str] = field(default_factory=dict)
    misses: int = 0  # messages in a row that were not understood
    refused: int = 0  # answers in a row that did not fit
    options: list[str] = field(default_factory=list)
    angry: bool = False  # this message
    anger: int = 0  # angry messages
    calm: int = 0  # messages since the last of them
    upset: bool = False  # so angry that a person is offered
    opening: dict[str, int] = field(default_factory=dict)  # lines that open this answer, and which wording
    bare: bool = False  # nothing may stand before this answer
    english: bool = False  # it has been said that the answers are in Spanish

    def as_slot(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)

    @classmethod
    def from_slot(cls, raw: Mapping[str, Any] | None) -> State:
        """Read it back; an empty slot is a fresh conversation."""
        if not raw:
            return cls()
        body = dict(raw)
        for name in ("frame", "last"):
            body[name] = Frame(**body[name]) if body.get(name) else None
        body["aside"] = [Frame(**f) for f in body.get("aside", ())]
        return cls(**body)

    def set_aside(self) -> None:
        """Put the errand under way on top of those set aside; the oldest falls off."""
        if self.frame:
            kept = [f for f in self.aside if f.errand != self.frame.errand]
            self.aside = [self.frame, *kept][:SET_ASIDE_AT_MOST]
        self.leave()

    def leave(self) -> None:
        """No errand is under way."""
        self.frame = self.asking = self.checking = self.given = None

    def forget(self) -> None:
        """Nothing is under way and nothing waits."""
        self.leave()
        self.aside, self.offer, self.options = [], False, []
