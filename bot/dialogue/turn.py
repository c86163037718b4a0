"""What the citizen just did, and what was done since."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MEDIA_INTENTS = ("share_image", "share_document")


@dataclass(frozen=True)
class Turn:
    """One message as understood. `done` are the actions taken since it came."""

    intent: str | None
    confidence: float = 1.0
    entities: dict[str, Any] = field(default_factory=dict)  # first value of each kind
    text: str = ""
    ranking: tuple[tuple[str, float], ...] = ()
    done: list[str] = field(default_factory=list)
    halves: tuple[Turn, ...] = ()  # as its parts were understood, where it may be two requests
    lines: tuple[Turn, ...] = ()  # as each message of a burst was understood
    then: Turn | None = None  # the next request, where it is several
    asks: bool = False  # of a line: it is a request by its words too

    @property
    def tapped(self) -> bool:
        """A tap or an attachment: it is what it says."""
        return self.confidence >= 1.0

    @property
    def is_figure(self) -> bool:
        """Digits and nothing else that matters."""
        return any(c.isdigit() for c in self.text) and not any(c.isalpha() for c in self.text)

    @property
    def location(self) -> dict[str, Any] | None:
        """The shared location, if this is one."""
        if self.intent != "share_location":
            return None
        keys = ("latitude", "longitude", "place_name")
        return {k: self.entities[k] for k in keys if self.entities.get(k) is not None}

    @property
    def is_broken(self) -> bool:
        """A file that did not arrive or could not be opened."""
        return self.entities.get("media_error") is not None

    @property
    def media(self) -> str | None:
        """The id of the photo or file, if this is one."""
        return self.entities.get("media") if self.intent in MEDIA_INTENTS else None
