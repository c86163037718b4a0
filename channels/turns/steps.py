"""Which turns a conversation's waiting messages make. Pure.

Consecutive texts are one thought, up to as much as is understood line by line (`bot/nlu/parts`); everything else
stands alone. A grouping once made is kept for a replay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from services.messaging.inbound import Inbound, Kind
from services.messaging.inbox import InboxItem

MOST_LINES, MOST_CHARACTERS = 8, 1200  # of texts that are taken together


@dataclass(frozen=True)
class Step:
    """One turn: its id, the same for every replay, and its messages."""

    turn_id: str
    items: tuple[InboxItem, ...]

    @property
    def ids(self) -> list[int]:
        """The inbox rows it answers."""
        return [item.id for item in self.items]

    @property
    def first(self) -> Inbound:
        """Its first message; the only one unless they are texts."""
        return self.items[0].message

    @property
    def kind(self) -> Kind:
        """What it is."""
        return self.first.kind

    @property
    def text(self) -> str:
        """What was typed, a line a message."""
        return "\n".join(item.message.text for item in self.items if item.message.text)


def plan_steps(contact: str, items: Sequence[InboxItem]) -> list[Step]:
    """Group messages into steps, in order."""
    steps = []
    for _, group in groupby(_keyed(items), key=lambda pair: pair[0]):
        together = tuple(item for _, item in group)
        known = together[0].turn_id
        steps.append(Step(known or f"{contact}:{together[0].id}-{together[-1].id}", together))
    return steps


def _keyed(items: Sequence[InboxItem]) -> list[tuple[str, InboxItem]]:
    """Texts next to each other get one key, unless an earlier attempt already bound one of them."""
    keyed: list[tuple[str, InboxItem]] = []
    run = 0
    together: list[InboxItem] = []
    for item in items:
        if not _joins(together, item):
            run, together = run + 1, []
        together.append(item)
        keyed.append((item.turn_id or f"new {run}", item))
    return keyed


def _joins(together: Sequence[InboxItem], item: InboxItem) -> bool:
    if not together or any(i.turn_id is not None or i.message.kind is not Kind.TEXT for i in (together[-1], item)):
        return False
    said = "\n".join(i.message.text or "" for i in (*together, item))
    return said.count("\n") < MOST_LINES and len(said) <= MOST_CHARACTERS
