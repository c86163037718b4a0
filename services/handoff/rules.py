"""`data/knowledge/handoff.yml`: why, to whom, with what urgency; and the words that the person reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from services.spelling import plain_words

SHORT = 8  # words; a longer message is for the person, whatever it holds


def holds(said: str, words: list[str]) -> bool:
    """Whether a folded text has one of the phrases, as whole words."""
    return any(f" {plain_words(phrase)} " in f" {said} " for phrase in words)


class Entry(BaseModel):
    """A misspelt key in the file is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Reason(Entry):
    """Why somebody is handed over."""

    title: str
    label: str | None = None
    priority: str | None = None
    subject: str | None = None
    words: list[str] = []
    steps: list[str] = []


class Subject(Entry):
    """What it is about, and who does that."""

    team: str
    label: str | None = None
    priority: str | None = None
    errands: list[str] = []
    words: list[str] = []
    steps: list[str] = []


class Back(Entry):
    """How a citizen says that María should go on."""

    says: list[str]
    holds: list[str]


class Transcript(Entry):
    """How much of the talk goes along."""

    hours: int = Field(gt=0)
    messages: int = Field(gt=0)

    @property
    def span(self) -> timedelta:
        """As a time."""
        return timedelta(hours=self.hours)


PRIORITIES = ("low", "medium", "high", "urgent")


@dataclass(frozen=True)
class Route:
    """Where a case goes."""

    reason: str
    subject: str
    team: str
    labels: tuple[str, ...]
    priority: str


class Rules(Entry):
    """The whole file."""

    reasons: dict[str, Reason]
    subjects: dict[str, Subject]
    back: Back
    hers: list[str]  # intents of what María offers while a person has it
    closing_notes: list[str]
    transcript: Transcript
    note: dict[str, Any]
    not_delivered: dict[str, str]
    agent_name: str
    correction: str
    templates: list[str] = []

    @classmethod
    def read(cls, path: Path) -> Rules:
        """Read the file.

        Raises:
            ValueError: with the place and the reason.
        """
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))

    def route(self, reason: str, errand: str | None, words: str) -> Route:
        """The reason (a stated one wins over what the words say), the subject, and what follows from both."""
        said = plain_words(words)
        if reason not in self.reasons or reason == "asked":
            reason = self.reason(words) or "asked"
        why = self.reasons[reason]
        subject = why.subject or self._subject(errand, said)
        about = self.subjects[subject]
        labels = tuple(dict.fromkeys(label for label in (about.label, why.label) if label))
        ranked = [PRIORITIES.index(p) for p in (why.priority, about.priority) if p]
        return Route(reason, subject, about.team, labels, PRIORITIES[max(ranked, default=1)])

    def reason(self, words: str) -> str | None:
        """The first reason that is in the citizen's words."""
        said = plain_words(words)
        return next((name for name, why in self.reasons.items() if holds(said, why.words)), None)

    def _subject(self, errand: str | None, said: str) -> str:
        for name, subject in self.subjects.items():
            if errand in subject.errands:
                return name
        found = (name for name, subject in self.subjects.items() if holds(said, subject.words))
        return next(found, list(self.subjects)[-1])

    def steps(self, reason: str, subject: str) -> list[str]:
        """Two or three things to do next."""
        listed = [*self.reasons[reason].steps, *self.subjects[subject].steps, *list(self.subjects.values())[-1].steps]
        return list(dict.fromkeys(listed))[:3]

    def wants_back(self, text: str) -> bool:
        """Whether the citizen asks for María again, in one of the messages of a burst."""
        return any(self._asks_back(plain_words(line)) for line in text.splitlines())

    def _asks_back(self, said: str) -> bool:
        short = len(said.split()) <= SHORT
        return said in map(plain_words, self.back.says) or (short and holds(said, self.back.holds))

    def closing(self, note: str) -> str | None:
        """What a private note tells the citizen; None for every other note: those never leave."""
        plain = note.strip()
        for mark in self.closing_notes:
            if plain.casefold().startswith(mark.casefold()):
                return plain[len(mark) :].strip() or None
        return None
