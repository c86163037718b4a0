"""The evaluation sentences and what a model made of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

TEN = (
    "balance_inquiry",
    "bill_request",
    "payment_reference",
    "consumption_check",
    "outage_information",
    "tariff_question",
    "service_request",
    "payment_confirmation",
    "profile_update",
    "general_information",
)
OUT_OF_SCOPE = "out_of_scope"


# Kinds that the sentences label only within these intents (tests/nlu/README.md); elsewhere they are not judged.
LABELLED_WITHIN = {
    "service_request_type": frozenset({"service_request", "outage_information"}),
    "channel": frozenset({"profile_update", "notification_preferences"}),
    "reading_m3": frozenset({"meter_reading"}),
}


@dataclass(frozen=True)
class Label:
    """An entity of a sentence: its value, or with `as_written` the words it is said in."""

    entity: str
    value: str
    as_written: bool = False


@dataclass(frozen=True)
class Case:
    """A sentence with its label; `also` are labels a reasonable person would accept."""

    text: str
    intent: str
    also: tuple[str, ...] = ()
    entities: tuple[Label, ...] = ()

    def judges(self, entity: str) -> bool:
        """Whether a missing label of this kind means that there is none."""
        within = LABELLED_WITHIN.get(entity)
        return self.intent != OUT_OF_SCOPE and (within is None or self.intent in within)


@dataclass(frozen=True)
class Span:
    """A predicted entity."""

    entity: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Answer:
    """What the model said about a case, and how long it took (milliseconds)."""

    case: Case
    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...] = ()
    spans: tuple[Span, ...] = field(default=())
    milliseconds: float = 0.0
    halves: tuple[tuple[str, float], ...] = ()  # the parts' intents, where it may be two requests

    @property
    def strictly_right(self) -> bool:
        """The label itself."""
        return self.intent == self.case.intent

    @property
    def right(self) -> bool:
        """The label or one that is accepted beside it."""
        return self.strictly_right or self.intent in self.case.also

    @property
    def real(self) -> bool:
        """Something María is there for."""
        return self.case.intent != OUT_OF_SCOPE and OUT_OF_SCOPE not in self.case.also


def read_sets(folder: Path) -> dict[str, list[Case]]:
    """The sentences by set, the part of a file's name before its number: `fresh` is the honest one, `eval` not."""
    paths: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*_*.yml")):
        paths.setdefault(path.stem.rsplit("_", 1)[0], []).append(path)
    return {name: read_cases(paths[name]) for name in sorted(paths, reverse=True)}


def read_cases(paths: Iterable[Path]) -> list[Case]:
    """All sentences of the files; raises ValueError naming the file and sentence that is malformed."""
    cases: list[Case] = []
    for path in paths:
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []:
            try:
                cases.append(_case(entry))
            except (KeyError, TypeError) as error:
                raise ValueError(f"{path}: {entry!r} needs text and intent") from error
    return cases


def _case(entry: dict[str, Any]) -> Case:
    labels = tuple(_label(e) for e in entry.get("entities") or ())
    return Case(str(entry["text"]), entry["intent"], tuple(entry.get("also") or ()), labels)


def _label(entry: dict[str, Any]) -> Label:
    return Label(str(entry["entity"]), str(entry.get("value", entry.get("text"))), "value" not in entry)
