"""What a rule finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """A value and where in the original text it stands: text[start:end]."""

    entity: str
    value: str
    start: int
    end: int

    def overlaps(self, start: int, end: int) -> bool:
        """Whether the two spans share a character."""
        return self.start < end and start < self.end
