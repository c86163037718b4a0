"""The conversations of `tests/conversations/`: misspelt words and steps that could not be played."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot.sentences.read import compose, fields, items
from workbench.validate.finding import Finding

CONVERSATION = ("conversation", "as", "at", "steps")
TYPED = ("says", "burst", "taps", "types_code", "location", "photo")
MONEY = ("pays", "pays_card", "saves_card", "invoices")
TIME = ("minutes", "days")
# What the sandbox can bring as it is: `Inbound` in sandbox/whatsapp/citizen.py.
BROUGHT = ("image", "video", "document", "audio", "voice", "sticker", "contact", "reaction", "flow", "message")
ACTS = (*TYPED, *MONEY, *TIME, "hears", "agent", "faults", *BROUGHT)
BESIDE = ("maria", "within", "agent_sees", "declines", "caption")
AGENT = ("says", "sends", "notes", "resolves", "returns")
REPLY = ("says", "not", "kind", "choices")
PLAIN = ("text", "buttons", "list", "link", "location_request", "image", "document", "template")
KINDS = (*PLAIN, "image+buttons", "image+list", "image+link", "document+buttons", "document+link")
README = "las palabras están en tests/conversations/README.md"


def check_conversations(paths: Iterable[Path]) -> Iterator[Finding]:
    """Everything in these files that could not be played.

    Raises:
        Malformed: a file is not YAML.
    """
    for path in sorted(paths):
        for conversation in items(compose(path)):
            yield from _words(path, conversation, CONVERSATION)
            had = fields(conversation)
            for missing in {"conversation", "as", "steps"} - set(had):
                yield Finding(path, _line(conversation), f"a la conversación le falta «{missing}:»", README)
            for step in items(had.get("steps")):
                yield from _step(path, step)


def _step(path: Path, step: Any) -> Iterator[Finding]:
    yield from _words(path, step, (*ACTS, *BESIDE))
    had = fields(step)
    acts = [word for word in had if word in ACTS]
    if len(acts) != 1 and set(had) <= {*ACTS, *BESIDE}:
        told = f"tiene {len(acts)}: {', '.join(acts)}" if acts else "no dice qué hace quien escribe"
        yield Finding(path, _line(step), f"un paso hace una sola cosa y este {told}", f"sepárelo en pasos; {README}")
    yield from _words(path, had.get("agent"), AGENT)
    wanted = had.get("maria")
    for reply in items(wanted) or [wanted]:
        yield from _words(path, reply, REPLY)
        kind = fields(reply).get("kind")
        if kind is not None and kind.value not in KINDS:
            yield Finding(path, _line(kind), f"no hay mensajes de tipo «{kind.value}»", _nearest(kind.value, KINDS))


def _words(path: Path, node: Any, known: tuple[str, ...]) -> Iterator[Finding]:
    for word, value in fields(node).items():
        if word not in known:
            yield Finding(path, _line(value), f"no se entiende «{word}:» aquí", _nearest(word, known))


def _nearest(word: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f"¿quiso decir «{close[0]}»?" if close else f"puede ser: {', '.join(known)}"


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1
