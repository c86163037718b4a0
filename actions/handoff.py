"""A person: for now a ticket in AGORA's inbox, and that is what María says."""

from __future__ import annotations

from actions.base import Conversation, MariaAction
from services.agora.tickets import Ticket
from services.errors import ServiceError


async def leave_ticket(talk: Conversation, *, title: str = "handoff_title", priority: str = "medium") -> str:
    """The folio of a ticket that holds what was wanted, so that nothing must be repeated.

    Raises:
        ServiceError: AGORA did not take it, or it is not known whether it did.
    """
    last = (talk.state.get("frame") or talk.state.get("last") or {}) if talk.state else {}
    wanted = talk.services.texts.table("errand_titles").get(str(last.get("errand") or ""), "—")
    ticket = Ticket(
        title=talk.services.texts.get(title),
        description=talk.services.texts.get("handoff_description", wanted=wanted, said=talk.text[:500]),
        priority=priority,
        service_type="general",
        contract=last.get("contract"),
        phone=talk.phone,
    )
    return await talk.services.tickets.create(ticket)


class HandOff(MariaAction):
    """The folio only as AGORA gives it; when AGORA is down, the phone number and the truth."""

    action_name = "action_handoff"

    async def act(self, talk: Conversation) -> None:
        """What was wanted goes along."""
        tel = talk.services.formats.phone(talk.services.places.phone)
        try:
            folio = await leave_ticket(talk)
        except ServiceError:
            talk.say("utter_handoff_failed", tel_cea=tel)
            return
        talk.say("utter_handoff_ticket", folio=folio, tel_cea=tel)
