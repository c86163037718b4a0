"""A person: for now a ticket in AGORA's inbox, and that is what María says."""

from __future__ import annotations

from actions.base import Conversation, MariaAction
from services.agora.tickets import Ticket
from services.errors import ServiceError


class HandOff(MariaAction):
    """The folio only as AGORA gives it; when AGORA is down, the phone number and the truth."""

    action_name = "action_handoff"

    async def act(self, talk: Conversation) -> None:
        """What was wanted goes along, so that nothing must be repeated."""
        last = (talk.state.get("frame") or talk.state.get("last") or {}) if talk.state else {}
        errand = str(last.get("errand") or "")
        titles = talk.services.texts.table("errand_titles")
        ticket = Ticket(
            title=talk.services.texts.get("handoff_title"),
            description=talk.services.texts.get(
                "handoff_description", wanted=titles.get(errand, "—"), said=talk.text[:500]
            ),
            priority="medium",
            service_type="general",
            contract=last.get("contract"),
            phone=talk.phone,
        )
        tel = talk.services.formats.phone(talk.services.places.phone)
        try:
            folio = await talk.services.tickets.create(ticket)
        except ServiceError:
            talk.say("utter_handoff_failed", tel_cea=tel)
            return
        talk.say("utter_handoff_ticket", folio=folio, tel_cea=tel)
