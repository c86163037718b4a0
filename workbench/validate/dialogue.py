"""Rules, stories and errands: what contradicts itself, is never reached, or names what does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.dialogue.book import Book, BookError, read_book
from bot.sentences.read import Sentence, compose, fields, items
from workbench.validate.finding import Finding


@dataclass(frozen=True)
class Flow:
    """A rule or story: its steps as comparable text, each with its line."""

    path: Path
    line: int
    name: str
    kind: str  # rule | story
    steps: tuple[tuple[str, str, int], ...]  # kind, value, line


def read_flows(paths: Sequence[Path]) -> list[Flow]:
    """All rules and stories of the files.

    Raises:
        Malformed: a file is not YAML.
    """
    return [flow for path in sorted(paths) for flow in _flows(path)]


def _flows(path: Path) -> Iterator[Flow]:
    top = fields(compose(path))
    for plural, kind in (("rules", "rule"), ("stories", "story")):
        for node in items(top.get(plural)):
            body = fields(node)
            name = body[kind].value if kind in body else "?"
            listed = [("condition", yaml.serialize(body["condition"]), 0)] if "condition" in body else []
            listed += [_step(step) for step in items(body.get("steps"))]
            yield Flow(path, node.start_mark.line + 1, name, kind, tuple(listed))


def _step(node: Any) -> tuple[str, str, int]:
    body = fields(node)
    kind = next(iter(body), "?")
    rest = {k: yaml.serialize(v) for k, v in body.items()}
    value = body[kind].value if len(body) == 1 and isinstance(body[kind], yaml.ScalarNode) else str(rest)
    return kind, str(value), node.start_mark.line + 1


def check_contradictions(flows: Sequence[Flow]) -> Iterator[Finding]:
    """The same beginning with two continuations: María cannot do both."""
    seen: dict[tuple[Any, ...], tuple[str, Flow, int]] = {}
    for flow in flows:
        for at, (kind, value, line) in enumerate(flow.steps):
            if kind != "action":
                continue
            beginning = (flow.kind, *((k, v) for k, v, _ in flow.steps[:at]))
            other, where, its_line = seen.setdefault(beginning, (value, flow, line))
            if other != value:
                yield Finding(
                    flow.path,
                    line,
                    f"«{flow.name}» contesta {value}, pero tras lo mismo «{where.name}» contesta {other} "
                    f"({where.path}:{its_line})",
                    "deje una sola, o póngale a cada una la condición que las distingue",
                )
                break


def check_hidden(flows: Sequence[Flow], book: Book) -> Iterator[Finding]:
    """A rule for an intent that the errands answer first is never reached."""
    taken = {**dict.fromkeys(book.errands, "es un trámite"), **dict.fromkeys(book.stop, "termina lo que esté abierto")}
    for flow in flows:
        first = next(((v, line) for k, v, line in flow.steps if k == "intent"), None)
        if first and first[0] in taken:
            yield Finding(
                flow.path,
                first[1],
                f"la regla «{flow.name}» nunca se usa: «{first[0]}» {taken[first[0]]} en data/errands.yml",
                "quite la regla, o quite la intención de data/errands.yml",
            )


# Of data/knowledge/, in the order `read_book` takes them after the errands.
BESIDE = ("verification.yml", "care.yml")


def check_errands(
    path: Path, knowledge: Path, domain: Mapping[str, Any], responses: Sequence[str]
) -> Iterator[Finding]:
    """`data/errands.yml` and what it needs of `data/knowledge/` against each other, the domain and the responses."""
    node = compose(path)
    try:
        book = read_book(
            yaml.safe_load(path.read_text(encoding="utf-8")),
            *(yaml.safe_load((knowledge / name).read_text(encoding="utf-8")) for name in BESIDE),
        )
    except (BookError, KeyError, TypeError, AttributeError, ValueError) as problem:
        named = [w.strip(":,`") for w in str(problem).replace("'", " ").split()]
        line = next((found for word in reversed(named) if (found := line_of(node, word))), 1)
        yield Finding(
            path, line, f"no se puede leer: {problem}", "corrija ese paso o trámite; arriba del archivo dice cómo"
        )
        return
    for action in book.actions():
        if action not in domain.get("actions", ()) and action not in responses:
            yield Finding(
                path,
                line_of(node, action) or line_of(node, action.removeprefix("utter_resume_")) or 1,
                f"se nombra «{action}», que no existe",
                "es una respuesta: escríbala en data/responses/"
                if action.startswith("utter_")
                else "es una acción: anótela en domain.yml y pídala al equipo de código",
            )
    for intent in book.intents():
        if intent not in domain["intents"]:
            yield Finding(path, line_of(node, intent) or 1, f"no hay intención «{intent}»", "anótela en domain.yml")
    for entity in sorted({e for s in book.steps.values() for e in s.entities}):
        if entity not in domain["entities"]:
            yield Finding(path, line_of(node, entity) or 1, f"no hay entidad «{entity}»", "anótela en domain.yml")


def check_intents(path: Path, sentences: Sequence[Sentence], sources: Sequence[Path]) -> Iterator[Finding]:
    """An intent of the domain that has no sentence and that no button, attachment or action brings either."""
    said = {s.intent for s in sentences}
    brought = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    for node in items(fields(compose(path)).get("intents")):
        if node.value not in said and not re.search(rf"\b{re.escape(node.value)}\b", brought):
            yield Finding(
                path,
                node.start_mark.line + 1,
                f"la intención «{node.value}» no tiene frases y ningún botón la manda",
                f"escriba sus frases en data/nlu/{node.value}.yml, o quítela",
                error=False,
            )


def line_of(node: Any, value: str) -> int | None:
    """The line of the first key or value that is exactly this; None where there is none."""
    if isinstance(node, yaml.ScalarNode):
        return node.start_mark.line + 1 if node.value == value else None
    parts = [n for pair in node.value for n in pair] if isinstance(node, yaml.MappingNode) else items(node)
    return next((line for part in parts if (line := line_of(part, value))), None)
