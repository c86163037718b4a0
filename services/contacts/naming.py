"""What is asked about a linked contract, by the wordings of `data/knowledge/contracts.yml`: take it off, name it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import yaml

from services.contacts.service import NICKNAME_CHARS, LinkedContract
from services.spelling import fold, plain_words

LONGEST = 80  # characters looked at for a name


@dataclass(frozen=True)
class Naming:
    """The wordings as patterns."""

    _remove: re.Pattern[str]
    _named: re.Pattern[str]
    _points: re.Pattern[str]

    @classmethod
    def read(cls, path: Path) -> Self:
        """From the YAML file."""
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        points = raw["points"]
        begins, words, things = _any(points["with"]), _any(points["then"]), _any(points["at"])
        return cls(
            re.compile(rf"\b(?:{_any(raw['remove'])})"),
            re.compile(rf"(?:{_any(raw['name_after'])})\s+[«\"']?([^\"'».,]{{2,{LONGEST}}})", re.IGNORECASE),
            re.compile(rf"(?:^|\s+)(?:{begins})\s+(?:(?:{words})\s+)*(?:{things}|\d).*$", re.IGNORECASE),
        )

    def removes(self, said: str) -> bool:
        """Whether the contract is to be followed no longer."""
        return bool(self._remove.search(fold(said)))

    def nickname(self, said: str) -> str | None:
        """What a contract is to be called: "ponle taller al 0090420" names it "taller"."""
        named = self._named.search(said)
        if named is None:
            return None
        words = self._points.sub("", named[1]).split()
        while words and len(" ".join(words)) > NICKNAME_CHARS:
            words.pop()
        return " ".join(words) or None


def called(said: str, contracts: Iterable[LinkedContract]) -> LinkedContract | None:
    """The one whose nickname stands in the message, if it is only one."""
    words = f" {plain_words(said)} "
    names = ((c, plain_words(c.nickname or "")) for c in contracts)
    found = [c for c, name in names if name and f" {name} " in words]
    return found[0] if len(found) == 1 else None


def _any(wordings: Iterable[str]) -> str:
    """One of them, with any space between their words."""
    return "|".join(r"\s+".join(map(re.escape, wording.split())) for wording in wordings)
