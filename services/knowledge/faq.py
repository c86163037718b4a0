"""Frequent questions: `data/knowledge/faq.yml`. A new one is YAML only; it is found by likeness of words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import yaml

from services.knowledge.texts import wording
from services.spelling import plain_words

LIKE_ENOUGH = 0.34


@dataclass(frozen=True)
class Answer:
    """One entry; `answer` is Mexican Spanish with blanks for facts such as {tel_cea}."""

    id: str
    topic: str
    questions: tuple[str, ...]
    answer: str | Mapping[str, str]  # one for all, or {usted, tu}
    source: str
    checked_on: str
    title: str
    person: str | None = None  # a person does it: the reason, one of data/knowledge/handoff.yml

    def said(self, register: str, **facts: str) -> str:
        """The answer in this register, its blanks filled."""
        return wording(self.answer, register).strip().format(**facts)


class Faq:
    """Finds the entry whose example questions are most like what was asked."""

    def __init__(self, path: Path) -> None:
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))["entries"]
        self.entries = [
            Answer(
                id=e["id"],
                topic=e["topic"],
                questions=tuple(e["questions"]),
                answer=e["answer"],
                source=e["source"],
                checked_on=str(e["checked_on"]),
                title=e["title"],
                person=e.get("person"),
            )
            for e in listed
        ]
        self._known = [(entry, features(q)) for entry in self.entries for q in entry.questions]

    def find(self, asked: str, topic: str | None = None) -> Answer | None:
        """The best entry, or None when nothing is like it."""
        wanted = features(asked)
        scored = [(likeness(wanted, f), e) for e, f in self._known if topic in (None, e.topic)]
        best, entry = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        return entry if best >= LIKE_ENOUGH else None

    def by_id(self, entry_id: str) -> Answer | None:
        """A tapped one."""
        return next((e for e in self.entries if e.id == entry_id), None)


STOP_WORDS = """
a al algo con cual como de del donde el ella en es esta este ha hay la las le les lo los me mi mis no o para por que
se si su sus un una y ya hola buenas buenos dias tardes noches favor oiga disculpe quiero saber puedo
"""
STOP = frozenset(STOP_WORDS.split())


def features(text: str) -> dict[str, float]:
    """Words and letter trigrams; trigrams forgive misspellings."""
    found: dict[str, float] = {}
    for word in plain_words(text).split():
        if word in STOP:
            continue
        found[f"w:{word}"] = 2.0
        padded = f" {word} "
        for i in range(len(padded) - 2):
            found[padded[i : i + 3]] = 1.0
    return found


def likeness(one: dict[str, float], other: dict[str, float]) -> float:
    """Cosine, 0 to 1."""
    shared = sum(weight * other[name] for name, weight in one.items() if name in other)
    norm = sqrt(sum(w * w for w in one.values())) * sqrt(sum(w * w for w in other.values()))
    return shared / norm if norm else 0.0
