"""Who is concerned, how they want to be spoken to, and whether by a person. Pure.

The words are in `lexicon/fragile.yml`, `lexicon/register.yml` and `lexicon/person.yml`.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.nlu.entities.found import Found
from bot.nlu.entities.heard import STOP, Heard, words
from bot.nlu.lexicon.wordings import read_rules

_RULES = {"fragile": read_rules("fragile"), "register": read_rules("register")}
_WISHES, DENIABLE = read_rules("person"), "wanted"
_NOT, _NEAR = words("no ni sin nunca tampoco"), 3


def find_person(heard: Heard) -> Iterator[Found]:
    """Entities `fragile` (elderly, baby, ill, pregnant, disabled) and `register` (tu, usted), at most one of each."""
    for entity, rules in _RULES.items():
        spans = ((kind, next(heard.find(rule), None)) for kind, rule in rules)
        found = next(((kind, span) for kind, span in spans if span), None)
        if found:
            kind, (start, end, _) = found
            yield Found(entity, kind, start, end)


def find_wish_for_person(heard: Heard) -> Iterator[Found]:
    """Entity `person`, at most one: they say beyond doubt that a person should serve them."""
    for kind, rule in _WISHES:
        for match in rule.finditer(heard.line):
            before = heard.line[: match.start()].rpartition(STOP)[2].split()[-_NEAR:]
            if kind != DENIABLE or not _NOT & set(before):
                yield Found("person", "wanted", *heard.place(match.start(), match.end()))
                return
