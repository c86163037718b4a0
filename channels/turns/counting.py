"""Every turn that was heard, into the figures; an answer never hangs on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from channels.turns.replies import to_heard
from services.analytics.events import Analytics, Event
from services.contacts.service import Contact
from services.experiments.service import REGISTER, Experiments

log = structlog.get_logger(__name__)


@dataclass
class TurnCounts:
    """`experiments`: whose exposure shows in María's very first words."""

    analytics: Analytics
    experiments: Experiments

    async def count(self, contact: Contact, turn_id: str, replies: Sequence[Mapping[str, Any]], *, first: bool) -> None:
        """Keep what was heard; replayed turns count once."""
        events = [*heard_events(to_heard(replies)), *(self._exposed(contact) if first and replies else ())]
        if not events:
            return
        try:
            await self.analytics.record(contact.id, turn_id, events)
        except SQLAlchemyError as error:
            log.warning("not_counted", error=type(error).__name__)

    def _exposed(self, contact: Contact) -> list[Event]:
        """The register of the first answer, while that comparison runs."""
        if REGISTER not in self.experiments.running:
            return []
        return [Event("exposed", REGISTER, self.experiments.variant(contact.id, REGISTER))]


def heard_events(heard: Mapping[str, Any] | None) -> list[Event]:
    """The intent; and where the citizen chose between two guesses, whether the first had been right."""
    if not heard:
        return []
    intent, sure = str(heard["intent"]), heard.get("sure")
    found = [Event("heard", intent, value=round(float(sure), 3) if isinstance(sure, int | float) else None)]
    if guess := heard.get("guess"):
        found.append(Event("checked", str(guess), intent, float(guess == intent)))
    return found
