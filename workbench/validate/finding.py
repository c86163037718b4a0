"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Finding:
    """Something wrong (`error`) or doubtful at a place, and what to do about it."""

    path: Path
    line: int
    what: str
    do: str
    error: bool = True

    def show(self, root: Path) -> str:
        """`file:line: ERROR what` and below it what to do."""
        path = self.path.relative_to(root) if self.path.is_relative_to(root) else self.path
        return f"{path}:{self.line}: {'ERROR' if self.error else 'AVISO'} {self.what}\n    → {self.do}"
