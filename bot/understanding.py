"""How sure María must be (`understanding` in data/errands.yml), for what stands outside the dialogue."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

ERRANDS = Path(__file__).parents[1] / "data" / "errands.yml"


@dataclass(frozen=True)
class Understanding:
    """How sure she must be to start an errand, to offer it, and to serve two; and which intents start one."""

    start: float
    clarify: float
    both: float
    errands: frozenset[str]


def read_understanding(path: Path = ERRANDS) -> Understanding:
    """Raises OSError, yaml.YAMLError or KeyError where the file is missing or broken."""
    book = yaml.safe_load(path.read_text(encoding="utf-8"))
    start, clarify, both = (float(book["understanding"][name]) for name in ("start", "clarify", "both"))
    return Understanding(start, clarify, both, frozenset(book["errands"]))
