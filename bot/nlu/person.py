"""Who is concerned and how they want to be spoken to (`lexicon/fragile.yml`, `lexicon/register.yml`). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.nlu.entities.found import Found
from bot.nlu.entities.heard import Heard
from bot.nlu.lexicon.wordings import read_rules

_RULES = {"fragile": read_rules("fragile"), "register": read_rules("register")}


def find_person(heard: Heard) -> Iterator[Found]:
    """Entities `fragile` (elderly, baby, ill, pregnant, disabled) and `register` (tu, usted), at most one of each."""
    for entity, rules in _RULES.items():
        spans = ((kind, next(heard.find(rule), None)) for kind, rule in rules)
        found = next(((kind, span) for kind, span in spans if span), None)
        if found:
            kind, (start, end, _) = found
            yield Found(entity, kind, start, end)
