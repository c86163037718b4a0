"""What a conversation is in the middle of; kept as one JSON value in the slot `dialogue`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Dict, List, Mapping, Optional

SET_ASIDE_AT_MOST = 3


@dataclass
class Frame:
    """One errand under way. Its contract and details are its own, also while it is set aside."""

    errand: str
    contract: Optional[str] = None
    details: Dict[str, Any] = field(default_factory=dict)
    raw: Dict[str, Any] = field(default_factory=dict)  # given before it was asked for; still to be checked


@dataclass
class State:
    """The plan's whole memory."""

    frame: Optional[Frame] = None
    aside: List[Frame] = field(default_factory=list)
    last: Optional[Frame] = None
    asking: Optional[str] = None
    checking: Optional[str] = None
    given: Any = None
    offer: bool = False
    contract: Optional[str] = None
    levels: Dict[str, str] = field(default_factory=dict)
    misses: int = 0
    options: List[str] = field(default_factory=list)

    def as_slot(self) -> Dict[str, Any]:
        """Plain JSON."""
        return asdict(self)

    @classmethod
    def from_slot(cls, raw: Optional[Mapping[str, Any]]) -> State:
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
