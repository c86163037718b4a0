"""The training sentences as files: adding a line to an intent, and taking it out again."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.nlu.entities.gazetteer import Gazetteer
from bot.sentences.read import Malformed, Sentence, read_evaluation, read_training
from bot.sentences.twins import key, near
from workbench.review.wording import annotate, clean


class Rejected(Exception):
    """The sentence is not added; the text tells the designer why."""


@dataclass(frozen=True)
class Training:
    """`folder`: data/nlu, one file an intent; `evaluation`: tests/nlu, whose sentences must never be learned."""

    folder: Path
    evaluation: Path
    gazetteer: Gazetteer

    def intents(self) -> list[str]:
        """All that have a file of sentences."""
        return sorted({s.intent for s in self._sentences()})

    def add(self, text: str, intent: str) -> str:
        """Write the sentence under its intent and give the line as written.

        Raises:
            Rejected: the intent has no sentences, nothing is left of the text, it is (nearly) an evaluation
                sentence, or María has one nearly like it already.
            Malformed: a file cannot be read.
        """
        known = self._sentences()
        block = [s for s in known if s.intent == intent]
        words = clean(text)
        if not block:
            raise Rejected(f"No hay frases de «{intent}» en data/nlu: esa intención no existe.")
        if not words:
            raise Rejected("No queda nada que se pueda aprender de este mensaje.")
        self._refuse_twins(words, intent, known)
        line = annotate(words, self.gazetteer)
        last = max(block, key=lambda s: s.line)
        self._insert(last, line, words)
        return line

    def remove(self, intent: str, line: str) -> None:
        """Take out the line that `add` wrote.

        Raises:
            Rejected: it is no longer there, because somebody edited the file.
        """
        for path in {s.path for s in self._sentences() if s.intent == intent}:
            lines = path.read_text(encoding="utf-8").split("\n")
            at = next((n for n in range(len(lines) - 1, -1, -1) if lines[n].strip() == f"- {line}"), None)
            if at is not None:
                _write(path, "\n".join(lines[:at] + lines[at + 1 :]))
                return
        raise Rejected("Esa frase ya no está en el archivo; no hay nada que deshacer.")

    def _sentences(self) -> list[Sentence]:
        return read_training(self.folder.glob("*.yml"))

    def _refuse_twins(self, words: str, intent: str, known: list[Sentence]) -> None:
        tests = read_evaluation(p for p in self.evaluation.glob("*_*.yml"))
        if near(words, [key(s.text) for s in tests]):
            raise Rejected("Está, igual o casi igual, entre las frases de prueba: con esas María no debe aprender.")
        twin = near(words, [key(s.text) for s in known])
        if twin:
            other = known[twin[0]]
            where = "en esta misma intención" if other.intent == intent else f"pero en «{other.intent}»"
            raise Rejected(f"Ya hay una casi igual {where}: «{other.text}» ({other.path.name}:{other.line}).")

    def _insert(self, after: Sentence, line: str, words: str) -> None:
        """Below the intent's last sentence, and read back: what was not understood as written is undone."""
        before = after.path.read_text(encoding="utf-8")
        lines = before.split("\n")
        margin = lines[after.line - 1][: len(lines[after.line - 1]) - len(lines[after.line - 1].lstrip())]
        lines.insert(after.line, f"{margin}- {line}")
        _write(after.path, "\n".join(lines))
        try:
            found = [s for s in read_training([after.path]) if s.line == after.line + 1]
            if [(s.text, s.intent) for s in found] != [(words, after.intent)]:
                raise Rejected("La frase no se puede escribir en el archivo sin cambiarla.")
        except (Rejected, Malformed):
            _write(after.path, before)
            raise


def _write(path: Path, text: str) -> None:
    """All or nothing."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    Path(name).chmod(path.stat().st_mode)
    Path(name).replace(path)
