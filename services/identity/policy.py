"""`data/knowledge/verification.yml` as typed data: what each goal needs, how long evidence lasts, what is allowed."""

from __future__ import annotations

from datetime import timedelta
from enum import IntEnum
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel

Surface = Literal["chat", "portal"]


class Level(IntEnum):
    """How sure María is of who asks; each includes those below."""

    ANONYMOUS = 0
    CONTRACT = 1
    CONTACT = 2
    OTP = 3
    INE = 4
    FULL = 5

    @classmethod
    def named(cls, name: str) -> Self:
        """From the word used in the data files."""
        return cls[name.upper()]

    @property
    def word(self) -> str:
        """The word used in the data files."""
        return self.name.lower()


class Duration(BaseModel):
    """Minutes."""

    minutes: int


class CodeLimits(Duration):
    """One-time codes."""

    tries: int
    lock_minutes: int
    sends_per_hour: int


class ContactLimits(BaseModel):
    """Registered contacts typed in."""

    tries: int
    lock_minutes: int


class Limits(BaseModel):
    """All limits."""

    code: CodeLimits
    contact: ContactLimits
    contracts_per_day: int
    unknown_contracts_per_hour: int


class Policy(BaseModel):
    """The whole file."""

    goals: dict[str, dict[Surface, str]]
    evidence: dict[str, Duration]
    limits: Limits

    @classmethod
    def read(cls, path: Path) -> Self:
        """From the YAML file."""
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))

    def needed(self, goal: str, surface: Surface = "chat") -> Level:
        """A goal the policy does not name needs the most: the check fails closed."""
        row = self.goals.get(goal)
        return Level.named(row[surface]) if row else Level.FULL

    def lasts(self, level: Level) -> timedelta:
        """How long evidence of this level holds."""
        return timedelta(minutes=self.evidence[level.word].minutes)
