"""A person: asked for, told honestly, and back from them; or a ticket, where the citizen prefers one."""

from __future__ import annotations

from actions.base import Conversation, MariaAction
from actions.case import ask_for, is_open, leave_ticket, phone, request
from actions.waiting import closed_until, say_closed, say_open
from services.errors import NotFound


class HandOff(MariaAction):
    """A person has it, said only once AGORA says so; else the truth and the phone number."""

    action_name = "action_handoff"

    async def act(self, talk: Conversation) -> None:
        """Why is what the button said, or what the words say. When nobody is there, a ticket is offered instead."""
        reason = str(talk.entities.get("about") or "asked")
        if await talk.services.aftercare.live(talk.contact) is None and (opens := await closed_until(talk)):
            say_closed(talk, opens, ask_for(talk, reason)[0])
            return
        episode = await request(talk, reason)
        if await is_open(talk, episode):
            await say_open(talk, episode)
            return
        talk.say("utter_handoff_waiting", tel_cea=phone(talk))


class HandoffEnded(MariaAction):
    """María again: who ended it and what was agreed; the plan then offers what was set aside."""

    action_name = "action_handoff_ended"

    async def act(self, talk: Conversation) -> None:
        """The agreement only where the person left it for the citizen; nothing more after a ticket."""
        try:
            episode = await talk.services.handoffs.get(str(talk.entities.get("episode")))
        except NotFound:
            return
        if episode.closed_by == "ticket":  # said with its folio
            return
        keys = {"citizen": "utter_back_asked", "returned": "utter_back_returned"}
        talk.say(keys.get(episode.closed_by or "", "utter_back_resolved"))
        if episode.closing_note:
            talk.say("utter_back_agreed", agreed=episode.closing_note)


class LeaveTicket(MariaAction):
    """Instead of waiting: a ticket with its folio, as AGORA gives it."""

    action_name = "action_leave_ticket"

    async def act(self, talk: Conversation) -> None:
        """And when it will be read."""
        folio = await leave_ticket(talk)
        if folio is None:
            return
        if opens := await closed_until(talk):
            talk.say("utter_handoff_ticket_later", folio=folio, opens=opens, tel_cea=phone(talk))
        else:
            talk.say("utter_handoff_ticket", folio=folio, tel_cea=phone(talk))
