"""What follows a greeting: "Hola buenas tardes señorita, quiero mi recibo" (`lexicon/greeting.yml`). Pure."""

from __future__ import annotations

from bot.nlu.entities.heard import heard
from bot.nlu.lexicon.wordings import read_rules
from bot.nlu.parts.place import LONGEST, Place, is_tap

((_, _OPENING),) = read_rules("greeting", "opening")


def after_greeting(text: str) -> Place | None:
    """The place of what is said after an opening greeting; None without a greeting, or with nothing behind it."""
    if len(text) > LONGEST or is_tap(text):
        return None
    said, at = heard(text), 0
    while opening := _OPENING.match(said.line, at):
        at = opening.end()
        while at < len(said.line) and not said.line[at].isalnum():
            at += 1
    return (said.place(at, at + 1)[0], len(text)) if 0 < at < len(said.line) else None
