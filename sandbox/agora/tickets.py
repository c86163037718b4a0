"""AGORA's `agent/tickets` (agora.md section 10): a Bearer token of its own, folios from a trigger, no reading back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.world import World

FIRST = 20_418
STATUSES = "open in_progress waiting_client waiting_internal escalated resolved closed cancelled".split()
PRIORITIES = ("low", "medium", "high", "urgent")


class Invalid(ValueError):
    """422, with a sentence."""


@dataclass
class Ticket:
    """One ticket."""

    folio: str
    id: int
    body: dict[str, Any]
    created: datetime
    status: str = "open"

    def view(self) -> dict[str, Any]:
        """For the page and the tests."""
        return {"folio": self.folio, "status": self.status, "created": self.created.isoformat(), **self.body}


@dataclass
class Tickets:
    """All tickets, newest last."""

    world: World
    made: list[Ticket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.world.on_reset(self.made.clear)

    def create(self, body: dict[str, Any]) -> Ticket:
        """Keep a ticket.

        Raises:
            Invalid: title or description is missing, or a word is none of AGORA's.
        """
        for name in ("title", "description"):
            if not str(body.get(name) or "").strip():
                raise Invalid(f"Validation failed: {name} can't be blank")
        if body.get("priority", "medium") not in PRIORITIES:
            raise Invalid("Validation failed: priority is not included in the list")
        number = FIRST + len(self.made)
        ticket = Ticket(f"CEA-{number}", number, body, self.world.clock.now())
        self.made.append(ticket)
        self.world.feed.publish({"type": "ticket", "folio": ticket.folio})
        return ticket

    def find(self, folio: str) -> Ticket | None:
        """By folio."""
        return next((t for t in self.made if t.folio == folio), None)

    def change(self, ticket: Ticket, changes: dict[str, Any]) -> None:
        """Status, priority, description or assignee.

        Raises:
            Invalid: a status that is none.
        """
        if changes.get("status", ticket.status) not in STATUSES:
            raise Invalid("Validation failed: status is not included in the list")
        ticket.status = changes.get("status", ticket.status)
        ticket.body.update({k: v for k, v in changes.items() if k in ("priority", "description", "assignee_id")})
