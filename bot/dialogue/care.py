"""How somebody angry, desperate or in danger is treated: `data/knowledge/care.yml` as checked, typed data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class CareError(ValueError):
    """The file lacks something; the text tells a designer what."""


@dataclass(frozen=True)
class Urgent:
    """An errand that starts at once, whatever was being done, with these details already settled."""

    errand: str
    details: Mapping[str, str]
    faults: tuple[str, ...] = ()  # only with one of these faults; empty: always
    intents: tuple[str, ...] = ()  # or with one of these intents


@dataclass(frozen=True)
class Feeling:
    """`line` opens the answer to a request; `alone` answers where there is no request."""

    line: str
    alone: str


@dataclass(frozen=True)
class Care:
    """The rules, the same for every conversation."""

    self_harm: str
    danger: Urgent
    fragile: Urgent
    anger: Feeling
    anger_offer: str  # the line once anger is strong or comes again: it offers a person
    repeated: int
    calm_after: int
    distress: Feeling
    english: Feeling
    register: str

    def actions(self) -> list[str]:
        """What the plan may predict because of a feeling. Lines are no actions: they open other answers."""
        return [self.self_harm, self.anger.alone, self.distress.alone, self.english.alone, self.register]


def read_care(raw: Mapping[str, Any]) -> Care:
    """Turn the file into rules.

    Raises:
        CareError: a part is missing.
    """
    try:
        anger = raw["anger"]
        return Care(
            self_harm=raw["self_harm"]["action"],
            danger=_urgent(raw["danger"]),
            fragile=_urgent(raw["fragile"]),
            anger=Feeling(anger["line"], anger["alone"]),
            anger_offer=anger["offer"],
            repeated=int(anger["repeated"]),
            calm_after=int(anger["calm_after"]),
            distress=Feeling(raw["distress"]["line"], raw["distress"]["alone"]),
            english=Feeling(raw["english"]["line"], raw["english"]["alone"]),
            register=raw["register"]["action"],
        )
    except KeyError as missing:
        raise CareError(f"data/knowledge/care.yml lacks {missing}") from missing


def _urgent(body: Mapping[str, Any]) -> Urgent:
    when = body.get("when", {})
    return Urgent(body["errand"], body["details"], tuple(when.get("faults", ())), tuple(when.get("intents", ())))
