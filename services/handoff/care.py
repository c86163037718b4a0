"""`data/knowledge/waiting.yml`: hours, how long somebody waits in silence, the queue's estimate, the rating."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, field_validator

from services.handoff.rules import Entry

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOUR = r"(?:[01]\d|2[0-4]):[0-5]\d"


class HoursRule(Entry):
    """When people answer. `source` agora: as its inbox says, and `week` only while nothing is known of that."""

    source: Literal["agora", "file"]
    week: dict[str, str | None]
    closed_on: list[date] = Field(default_factory=list)

    @field_validator("week")
    @classmethod
    def _is_a_week(cls, week: dict[str, str | None]) -> dict[str, str | None]:

        if unknown := sorted(set(week) - set(DAYS)):
            raise ValueError(f"no days of the week: {', '.join(unknown)}")
        for day, span in week.items():
            if span and (not re.fullmatch(f"{HOUR}-{HOUR}", span) or span[:5] >= span[6:]):
                raise ValueError(f"{day}: «{span}» is not like 08:00-17:00")
        return week


class NobodyRule(Entry):
    """After how many minutes without a word the citizen may choose again, and how often that is said."""

    after_minutes: float = Field(gt=0)
    times: int = Field(ge=0)


class EstimateRule(Entry):
    """From what the estimate is made: episodes of so many days, at least so many of them."""

    days: int = Field(gt=0)
    least: int = Field(gt=0)
    share: float = Field(gt=0, lt=1)  # of them were answered by then
    longest_minutes: int = Field(gt=0)  # beyond this no promise helps


class RatingRule(Entry):
    """Asked once an episode, so long after it ended; not where it would hurt."""

    after_seconds: float = Field(ge=0)
    not_after: list[str]  # moods and reasons
    again_seconds: float = Field(gt=0)  # when something else is under way
    times: int = Field(gt=0)
    question: str  # at the desk
    low: int = Field(ge=1, le=5)  # up to this one is told that one is sorry


class Waiting(Entry):
    """The whole file."""

    hours: HoursRule
    nobody: NobodyRule
    estimate: EstimateRule
    rating: RatingRule

    @classmethod
    def read(cls, path: Path) -> Waiting:
        """Read the file.

        Raises:
            ValueError: with the place and the reason.
        """
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
