"""How a report is going: a short timeline, and what is not known yet."""

from __future__ import annotations

from actions.base import Conversation, MariaAction
from services.identity.policy import Level
from services.service_requests.tables import ServiceRequestRow


class TellRequestStatus(MariaAction):
    """What this chat reported in the street is told at once; what belongs to a contract needs a code."""

    action_name = "action_request_status"

    async def act(self, talk: Conversation) -> None:
        """The named folio, else the newest report."""
        named = talk.details.get("tracking_number")
        rows = await talk.services.requests.of(talk.contact)
        row = await talk.services.requests.find(talk.contact, str(named)) if named else (rows[0] if rows else None)
        if row is None:
            talk.say("utter_no_requests")
            return
        if row.contract and await talk.services.identity.level(talk.contact, row.contract) < Level.OTP:
            talk.outcome = {"levels": {}, "contract": row.contract, "details": {"scope": "mine"}}
            return
        await self._tell(talk, row)

    @staticmethod
    async def _tell(talk: Conversation, row: ServiceRequestRow) -> None:
        texts, formats = talk.services.texts, talk.services.formats
        status = await talk.services.requests.status(row)
        names = texts.table("state_names")
        lines = "\n".join(
            texts.get("timeline_line", moment=formats.moment(moment), what=names[state])
            for moment, state in status.steps
        )
        fault = texts.table("fault_names")[row.fault]
        key = "utter_request_done" if status.state == "done" else "utter_request_status"
        talk.say(key, folio=row.folio, fault=fault, lines=lines)
