"""Taking out of a message what says who wrote it. Pure. Figures become zeros, so that the sentence keeps its shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from services.spelling import fold

PATH = Path(__file__).with_name("lexicon.yml")
PERSONAL = frozenset({"contract_number", "otp_code", "phone", "tracking_number", "number"})
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
FIGURES = re.compile(r"\d(?:[\s.,()-]*\d){3,}")  # four digits and more, however they are spaced
FOLIO = re.compile(r"\b[A-ZÑ]{2,6}-?\d+\b|\b[A-Z]{4}\d{6}[A-Z0-9]{3,8}\b", re.IGNORECASE)  # also RFC and CURP
WORD = re.compile(r"[^\W\d_]+")
NEXT_WORD = re.compile(r"[\s,:.]*([^\W\d_]+)")
LONGEST_NAME = 4  # words
FEWEST_SPOKEN_DIGITS = 5  # "cuatro personas" stays, a number dictated in words goes

Span = tuple[int, int, str]  # start, end, what stands there instead


@dataclass(frozen=True)
class Masker:
    """Masks with the words of `lexicon.yml`."""

    words: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path = PATH) -> Masker:
        """Read the lexicon."""
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    def mask(self, text: str, entities: Sequence[Mapping[str, Any]] = (), own_name: str | None = None) -> str:
        """The text without numbers, e-mails, names and streets.

        Args:
            text: as the citizen wrote it.
            entities: what María found: `entity`, `value`, `start`, `end`.
            own_name: the name the citizen shows on the channel.
        """
        spans = [*self._found(text, entities), *self._emails(text), *self._names(text, own_name), *self._streets(text)]
        return self._without_figures(_replace(text, spans))

    def _found(self, text: str, entities: Sequence[Mapping[str, Any]]) -> Iterator[Span]:
        for entity in entities:
            start, end, value = int(entity["start"]), int(entity["end"]), str(entity["value"])
            if entity["entity"] == "email":
                yield start, end, self.words["placeholders"]["email"]
            elif entity["entity"] in PERSONAL and not any(c.isdigit() for c in text[start:end]):
                digits = sum(c.isdigit() for c in value)
                if digits >= FEWEST_SPOKEN_DIGITS:
                    yield start, end, "0" * digits

    def _emails(self, text: str) -> Iterator[Span]:
        for found in EMAIL.finditer(text):
            yield found.start(), found.end(), self.words["placeholders"]["email"]

    def _names(self, text: str, own_name: str | None) -> Iterator[Span]:
        name = self.words["placeholders"]["name"]
        own = {fold(w) for w in WORD.findall(own_name or "") if len(w) > 2} - {"maria"}
        known = self._first_names | own
        for found in WORD.finditer(text):
            if fold(found[0]) in known:
                yield found.start(), self._end_of_name(text, found.end(), capital=True, most=2), name
        for cues, capital in ((self._cue(self.words["name_after"]), False), (self._cue(self._if_capital), True)):
            for cue in cues.finditer(text):
                end = self._end_of_name(text, cue.end(), capital=capital, most=LONGEST_NAME)
                if end > cue.end():
                    yield cue.end() + (len(text[cue.end() : end]) - len(text[cue.end() : end].lstrip())), end, name

    def _end_of_name(self, text: str, start: int, *, capital: bool, most: int) -> int:
        """Where the words that may be a name end, from `start` on."""
        end = start
        for _ in range(most):
            following = NEXT_WORD.match(text, end)
            if not following or fold(following[1]) in self._not_names or (capital and not following[1][0].isupper()):
                break
            end = following.end()
        return end

    def _streets(self, text: str) -> Iterator[Span]:
        streets = "|".join(re.escape(s) for s in self.words["streets"])
        pattern = rf"\b(?:{streets})\b\.?\s+(?:(?:de|la|el|los|las|del)\s+)*[^\W\d_]+(?:\s+[A-ZÁÉÍÓÚÑ][^\W\d_]*){{0,3}}"
        for found in re.compile(pattern).finditer(text):
            yield found.start(), found.end(), self.words["placeholders"]["street"]

    def _without_figures(self, text: str) -> str:
        def zeros(found: re.Match[str]) -> str:
            return re.sub(r"\d", "0", found[0])

        numbers = "|".join(re.escape(n) for n in self.words["house_numbers"])
        text = FOLIO.sub(lambda f: re.sub(r"[A-Z]", "X", zeros(f)) if "-" not in f[0] else zeros(f), text)
        text = re.sub(rf"(?:{numbers})\s*\.?\s*\d+", zeros, text, flags=re.IGNORECASE)
        return FIGURES.sub(zeros, text)

    @staticmethod
    def _cue(cues: Sequence[str]) -> re.Pattern[str]:
        longest_first = sorted(cues, key=len, reverse=True)
        return re.compile(rf"\b(?:{'|'.join(re.escape(c) for c in longest_first)})\b\.?", re.IGNORECASE)

    @cached_property
    def _first_names(self) -> frozenset[str]:
        return frozenset(fold(name) for name in self.words["first_names"].split())

    @cached_property
    def _not_names(self) -> frozenset[str]:
        return frozenset(fold(word) for word in self.words["not_names"])

    @property
    def _if_capital(self) -> list[str]:
        return list(self.words["name_after_if_capital"])


def _replace(text: str, spans: Sequence[Span]) -> str:
    """Replace from the end on; of spans that meet, the first and longest stands."""
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda s: (s[0], -s[1])):
        if not chosen or span[0] >= chosen[-1][1]:
            chosen.append(span)
    for start, end, instead in reversed(chosen):
        text = text[:start] + instead + text[end:]
    return text
