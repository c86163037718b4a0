"""A message as it sounds, word by word, with each word's place in the original text. Pure.

Patterns are written in ordinary Spanish and match every spelling that sounds the same: `pattern("no hay<2>
agua")` finds "no ay nada de awa". `<n>` stands for up to n words in between, within one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import digit

from bot.nlu.spanish import fold, hear, hear_sign, spell

STOP = "."  # stands for any punctuation that ends or divides a sentence
_SHORTENED = frozenset("col av fracc cp no num tel sta sto cd blvd c p cel mza lt ctto avda sra sr".split())
MAX_CHARACTERS = 1500  # for most rules: a WhatsApp text may have 4096; what is asked for stands before

_TOKEN = re.compile(r"(?P<number>\d+(?:[.,]\d+)*)|(?P<word>(?:[^\W\d_][\u0300-\u036f]*)+)|(?P<sign>\S)")
_LITERAL = re.compile(r"(?<!\\)[a-zñáéíóú]+")
_GAP = re.compile(r"<(\d)>")


@dataclass(frozen=True)
class Word:
    """One word, number or sign; `sound` may be two words where an abbreviation was written out."""

    start: int
    end: int
    sound: str
    is_number: bool = False


class Heard:
    """The words of a text and the line they make, for patterns to search."""

    def __init__(self, text: str, most: int | None = MAX_CHARACTERS) -> None:
        self.text = text
        self.words: list[Word] = []
        self._word_at: list[int] = []  # for each character of the line, its word
        line: list[str] = []
        for match in _TOKEN.finditer(text[:most]):
            sound = _sound(match)
            if not sound or (sound == STOP and self._is_shortening(match.start())):
                continue
            self._word_at += [len(self.words)] * (len(sound) + 1)
            self.words.append(Word(match.start(), match.end(), sound, match.lastgroup == "number"))
            line.append(sound)
        self.line = " ".join(line)

    def _is_shortening(self, dot: int) -> bool:
        """A dot that only shortens the word before it, as in "col. Centro"."""
        before = self.words[-1] if self.words else None
        return bool(before and before.end == dot and fold(self.text[before.start : dot]) in _SHORTENED)

    def find(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, re.Match[str]]]:
        """Where the pattern matches: start and end in the original text, and the match on the line."""
        for match in pattern.finditer(self.line):
            if match.end() > match.start():
                yield *self.place(match.start(), match.end()), match

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The original span of line[start:end]."""
        return self.words[self._word_at[start]].start, self.words[self._word_at[end - 1]].end

    def before(self, index: int, count: int) -> list[str]:
        """The sounds of up to `count` words before word `index`, nearest first, within the sentence."""
        sounds: list[str] = []
        for word in reversed(self.words[max(0, index - count) : index]):
            if word.sound == STOP:
                break
            sounds += reversed(word.sound.split())
        return sounds

    def after(self, index: int, count: int) -> list[str]:
        """The sounds of up to `count` words after word `index`, nearest first, within the sentence."""
        sounds: list[str] = []
        for word in self.words[index + 1 : index + 1 + count]:
            if word.sound == STOP:
                break
            sounds += word.sound.split()
        return sounds


def _sound(match: re.Match[str]) -> str:
    said = match.group()
    if match.lastgroup == "number":
        return "".join(str(digit(c)) if c.isdigit() else c for c in said)
    if match.lastgroup == "word":
        return hear(fold(said)) or said
    if said in ".,;!?¡¿()…":
        return STOP
    return hear_sign(said) or said


@lru_cache(maxsize=32)
def heard(text: str) -> Heard:
    """The text as heard; kept for the modules that look at the same message one after another."""
    return Heard(text)


def heard_whole(text: str) -> Heard:
    """The text as heard to its last word, for what must not be missed; 1.5 ms for a thousand characters."""
    return heard(text) if len(text) <= MAX_CHARACTERS else Heard(text, None)


def pattern(source: str) -> re.Pattern[str]:
    """A pattern over whole words of the line, written in ordinary spelling."""
    sounded = _LITERAL.sub(lambda m: _sound_of_literal(fold(m.group())), source)
    gaps = _GAP.sub(r"(?: (?!\\.)\\S+){0,\1}", sounded)
    return re.compile(rf"(?<!\S)(?:{gaps})(?!\S)")


def _sound_of_literal(literal: str) -> str:
    """Whole words as they are heard; single letters ("[oa]s?") are parts of words."""
    return hear(literal) if len(literal) > 1 else spell(literal)


def words(source: str) -> frozenset[str]:
    """The sounds of the words, for looking up."""
    return frozenset(sound for word in source.split() for sound in hear(fold(word)).split())
