"""Messages that are alike stand together, the same one only once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from bot.sentences.twins import key
from services.review.service import Message

ALIKE = 62  # per cent of shared words, whatever their order


@dataclass
class Card:
    """One wording and all messages that say it."""

    message: Message
    ids: list[int] = field(default_factory=list)


@dataclass
class Group:
    """Cards under the intent María thought likeliest."""

    guess: str
    cards: list[Card] = field(default_factory=list)


def group(messages: Sequence[Message]) -> list[Group]:
    """By guessed intent, the largest first; within it like beside like."""
    cards: dict[str, Card] = {}
    for message in messages:
        cards.setdefault(key(message.text), Card(message)).ids.append(message.id)
    groups: dict[str, Group] = {}
    for card in cards.values():
        guess = card.message.ranking[0][0] if card.message.ranking else "?"
        groups.setdefault(guess, Group(guess)).cards.append(card)
    for one in groups.values():
        one.cards = _like_beside_like(one.cards)
    return sorted(groups.values(), key=lambda g: (-sum(len(c.ids) for c in g.cards), g.guess))


def _like_beside_like(cards: Sequence[Card]) -> list[Card]:
    """The wording heard most often, then those like it, then the next."""
    left = sorted(cards, key=lambda c: -len(c.ids))
    placed: list[Card] = []
    while left:
        first = left[0]
        mine = key(first.message.text)
        like = [c for c in left if c is first or fuzz.token_sort_ratio(mine, key(c.message.text)) >= ALIKE]
        placed += like
        left = [c for c in left if c not in like]
    return placed
