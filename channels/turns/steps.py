"""Which turns a conversation's waiting messages make. Pure.

Consecutive texts are one thought; everything else stands alone. A grouping once made is kept for a replay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from services.messaging.inbound import Inbound, Kind
from services.messaging.inbox import InboxItem


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
    previous: InboxItem | None = None
    for item in items:
        joins = (
            previous is not None
            and item.message.kind is Kind.TEXT
            and previous.message.kind is Kind.TEXT
            and item.turn_id is None
            and previous.turn_id is None
        )
        run += 0 if joins else 1
        keyed.append((item.turn_id or f"new {run}", item))
        previous = item
    return keyed
