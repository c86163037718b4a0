"""Responses nobody can reach, responses that are named and missing, and the frequent questions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from bot.sentences.read import Malformed, compose, fields, items
from services.knowledge.faq import Faq
from workbench.validate.finding import Finding

KEY = re.compile(r"utter_[a-z0-9_]*[a-z0-9]")
COMPOSED = re.compile(r"(utter_[a-z0-9_]*)\{|(utter_[a-z0-9_]+_)[\"']")  # f"utter_resume_{intent}"
RASAS_OWN = frozenset({"utter_message"})
TOPICS = ("information", "offices", "water_quality_question", "conservation_tips", "out_of_scope")
BLANKS = frozenset({"tel_cea", "hours"})
LONGEST_TITLE, LONGEST_ANSWER = 24, 480
FIELDS = ("id", "topic", "title", "questions", "answer", "source", "checked_on")


def read_responses(paths: Sequence[Path]) -> dict[str, tuple[Path, int]]:
    """Where each response stands.

    Raises:
        Malformed: a file is not YAML.
    """
    found: dict[str, tuple[Path, int]] = {}
    for path in sorted(paths):
        node = fields(compose(path)).get("responses")
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            found[key.value] = (path, key.start_mark.line + 1)
    return found


def check_responses(responses: Mapping[str, tuple[Path, int]], sources: Sequence[Path]) -> Iterator[Finding]:
    """What is said nowhere, and what is named and does not exist."""
    named: dict[str, tuple[Path, int]] = {}
    beginnings: set[str] = {"utter_resume_"}
    for source in sources:
        for number, written in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
            beginnings |= {a or b for a, b in COMPOSED.findall(written)}
            for key in KEY.findall(written):
                named.setdefault(key, (source, number))
    whole = set(named) - RASAS_OWN
    for key, (path, line) in responses.items():
        if key not in whole and not any(key.startswith(b) for b in (*beginnings, *(f"{k}_" for k in whole))):
            yield Finding(path, line, f"nadie dice «{key}»", "quítela, o nómbrela en la regla, el trámite o la acción")
    for key in sorted(whole - set(responses)):
        if not any(known.startswith(key) for known in responses) and not any(key == b.rstrip("_") for b in beginnings):
            yield Finding(*named[key], f"se nombra «{key}», que no existe", "escríbala en data/responses/")


def check_faq(path: Path) -> Iterator[Finding]:
    """Fields, limits, blanks, and whether each example question finds its own answer."""
    nodes = items(fields(compose(path)).get("entries"))
    if not nodes:
        raise Malformed(f"{path}:1: no hay `entries`")
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))["entries"]
    lines = [node.start_mark.line + 1 for node in nodes]
    ids = Counter(str(e.get("id")) for e in raw if isinstance(e, dict))
    whole = True
    for entry, line in zip(raw, lines, strict=True):
        for what, do in _entry(entry, ids):
            whole = False
            yield Finding(path, line, what, do)
    if whole:
        yield from _own_answers(path, lines)


def _entry(entry: Any, ids: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    missing = [f for f in FIELDS if not isinstance(entry, dict) or not entry.get(f)]
    if missing:
        yield f"a esta pregunta le falta {', '.join(missing)}", "complétela como las demás"
        return
    name = entry["id"]
    if ids[str(name)] > 1:
        yield f"hay dos preguntas con el id «{name}»", "cámbiele el id a una"
    if entry["topic"] not in TOPICS:
        yield f"«{name}»: el tema «{entry['topic']}» no existe", f"use uno de: {', '.join(TOPICS)}"
    if len(str(entry["title"])) > LONGEST_TITLE:
        yield f"«{name}»: el título pasa de {LONGEST_TITLE} letras", "acórtelo: WhatsApp lo cortaría"
    if not isinstance(entry["questions"], list):
        yield f"«{name}»: questions no es una lista", 'escríbala así: ["una pregunta", "otra"]'
    if not isinstance(entry["checked_on"], date):
        yield f"«{name}»: checked_on no es una fecha", "escríbala así: 2026-11-24"
    if isinstance(entry["answer"], dict) and set(entry["answer"]) != {"usted", "tu"}:
        yield f"«{name}»: answer lleva usted y tu, y nada más", "escriba las dos, o una sola frase sin ellas"
    for answer in entry["answer"].values() if isinstance(entry["answer"], dict) else [entry["answer"]]:
        yield from _answer(name, str(answer))


def _answer(name: str, answer: str) -> Iterator[tuple[str, str]]:
    if len(answer) > LONGEST_ANSWER:
        yield f"«{name}»: la respuesta pasa de {LONGEST_ANSWER} letras", "acórtela: dos o tres frases"
    try:
        blanks = {blank for _, blank, _, _ in Formatter().parse(answer) if blank is not None}
    except ValueError:
        blanks = {"{"}
    if blanks - BLANKS:
        yield f"«{name}»: no se puede llenar {{{', '.join(sorted(blanks - BLANKS))}}}", "solo hay {tel_cea} y {hours}"


def _own_answers(path: Path, lines: Sequence[int]) -> Iterator[Finding]:
    faq = Faq(path)
    for entry, line in zip(faq.entries, lines, strict=True):
        for question in entry.questions:
            topic = None if entry.topic in ("information", "offices") else entry.topic
            found = faq.find(question, topic)
            if found is None or found.id != entry.id:
                yield Finding(
                    path,
                    line,
                    f"«{question}» encuentra «{found.id if found else 'nada'}» en vez de «{entry.id}»",
                    "dígala de otro modo, o quite la que se le parece",
                )
