"""Reading `data/nlu/*.yml` and `tests/nlu/*.yml`: every sentence with its place, its intent and its marks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

# Rasa's annotation: [words](entity), [words](entity:value), [words]{"entity": …, "value": …}
MARK = re.compile(r"\[(?P<words>[^\]]+?)\](?:\((?P<entity>[^:)]+)(?::(?P<value>[^)]+))?\)|(?P<json>\{[^}]+\}))")

# What yaml says (a part of it), what that is, and what to do about it.
_YAML_MISTAKES = (
    ("cannot start any token", "hay un tabulador o un signo con el que nada empieza", "use espacios, o ponga comillas"),
    ("mapping values are not allowed", "hay dos puntos de más", "ponga entre comillas el texto que lleva «:»"),
    ("expected ',' or ']'", "una lista [ ] no se cierra", "falta una coma o el «]»"),
    ("expected ',' or '}'", "unas llaves { } no se cierran", "falta una coma o la «}»"),
    ("found unexpected end of stream", "unas comillas no se cierran", "cierre las comillas"),
    ("expected <block end>", "la sangría no coincide", "alinee el renglón con los de su mismo nivel"),
    ("could not find expected ':'", "falta «:» después de una palabra", "escriba «palabra: texto»"),
    ("found unknown escape", "una diagonal \\\\ dentro de comillas dobles", "use comillas simples"),
)


class Malformed(ValueError):
    """A file that cannot be read; the text says where and why."""


@dataclass(frozen=True)
class Mark:
    """An entity in a sentence: text[start:end] stands for `value`."""

    entity: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """A sentence without its annotation marks. `line` counts from 1."""

    text: str
    intent: str
    path: Path
    line: int
    marks: tuple[Mark, ...] = ()

    @property
    def place(self) -> str:
        """`data/nlu/greet.yml:12`, as editors understand it."""
        return f"{self.path}:{self.line}"


def read_training(paths: Iterable[Path]) -> list[Sentence]:
    """All examples of intents.

    Raises:
        Malformed: a file is not YAML, or an annotation is not closed.
    """
    return [sentence for path in sorted(paths) for sentence in _training(path)]


def read_evaluation(paths: Iterable[Path]) -> list[Sentence]:
    """All evaluation sentences; their entities are left to the report.

    Raises:
        Malformed: a file is not YAML, or an entry has no text or intent.
    """
    return [sentence for path in sorted(paths) for sentence in _evaluation(path)]


def compose(path: Path) -> Any:
    """The file as YAML nodes, which know their lines.

    Raises:
        Malformed: it is not YAML; says the line.
    """
    try:
        return yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (yaml.MarkedYAMLError, yaml.reader.ReaderError) as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise Malformed(f"{path}:{line}: {_in_spanish(error)} (columna {column})\n    → {_mend(error)}") from error


def _in_spanish(error: yaml.YAMLError) -> str:
    """What stops the reading, for who writes YAML and no Python."""
    problem = str(getattr(error, "problem", "") or "")
    return next((said for part, said, _ in _YAML_MISTAKES if part in problem), f"no es YAML válido: {problem}")


def _mend(error: yaml.YAMLError) -> str:
    problem = str(getattr(error, "problem", "") or "")
    else_ = "compare ese renglón y el de arriba con los demás del archivo"
    return next((mend for part, _, mend in _YAML_MISTAKES if part in problem), else_)


def fields(node: Any) -> dict[str, Any]:
    """A mapping node's values by key; empty for anything else."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): value for key, value in node.value}


def items(node: Any) -> list[Any]:
    """A sequence node's items; empty for anything else."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _training(path: Path) -> Iterator[Sentence]:
    for block in items(fields(compose(path)).get("nlu")):
        body = fields(block)
        if "intent" not in body or "examples" not in body:
            continue
        first = body["examples"].start_mark.line + 2  # the sentences begin under the line with the bar
        for number, line in enumerate(body["examples"].value.splitlines()):
            if line.strip():
                yield unmark(line.strip().removeprefix("-").strip(), body["intent"].value, path, first + number)


def _evaluation(path: Path) -> Iterator[Sentence]:
    for entry in items(compose(path)):
        body = fields(entry)
        if not {"text", "intent"} <= set(body):
            raise Malformed(f"{path}:{entry.start_mark.line + 1}: falta text o intent")
        yield Sentence(str(body["text"].value), body["intent"].value, path, entry.start_mark.line + 1)


def unmark(annotated: str, intent: str, path: Path, line: int) -> Sentence:
    """A sentence from a line with annotations.

    Raises:
        Malformed: the JSON of an annotation cannot be read.
    """
    plain, marks, last = "", [], 0
    for found in MARK.finditer(annotated):
        plain += annotated[last : found.start()]
        entity, value = _named(found, f"{path}:{line}")
        marks.append(Mark(entity, value, len(plain), len(plain) + len(found["words"])))
        plain += found["words"]
        last = found.end()
    return Sentence(plain + annotated[last:], intent, path, line, tuple(marks))


def _named(found: re.Match[str], place: str) -> tuple[str, str]:
    if not found["json"]:
        return found["entity"], found["value"] or found["words"]
    try:
        body = json.loads(found["json"])
        return str(body["entity"]), str(body.get("value", found["words"]))
    except (ValueError, KeyError) as error:
        raise Malformed(f"{place}: la entidad {found[0]} no se puede leer ({error})") from error
