"""Waiting for a person: what to expect, nobody yet, outside office hours; and the choices there are."""

from __future__ import annotations

import json

from actions.base import Conversation, MariaAction
from actions.case import leave_ticket, phone
from services.errors import NotFound
from services.handoff.episodes import Episode
from services.handoff.model import Ask
from services.identity.masking import mask_phone


async def say_open(talk: Conversation, episode: Episode) -> None:
    """A person has it; with the queue and the time, where something honest can be said of them."""
    expected = await talk.services.aftercare.expect(episode.id)
    said = []
    if expected.ahead:
        said.append(talk.words("queue_one" if expected.ahead == 1 else "queue_many", ahead=expected.ahead))
    if expected.minutes:
        said.append(talk.words("queue_minutes", minutes=expected.minutes))
    if said:
        talk.say("utter_handoff_open_queue", expect=" ".join(said))
    else:
        talk.say("utter_handoff_open")


async def closed_until(talk: Conversation) -> str | None:
    """From when people answer, as it is said; None: they do now, or nobody knows when they will."""
    opens = await talk.services.hours.closed_until()
    return talk.services.formats.moment(opens) if opens else None


def say_closed(talk: Conversation, opens: str, ask: Ask) -> None:
    """The truth, and a ticket instead; why goes along with the tap."""
    tap = f"/leave_ticket{json.dumps({'about': ask.reason})}"
    titles = (("leave_message", tap), ("see_options", "/menu_help"))
    options = [{"title": talk.services.texts.get(key), "payload": payload} for key, payload in titles]
    talk.say("utter_handoff_closed", opens=opens, tel_cea=phone(talk), options=options)


class HandoffNobody(MariaAction):
    """Nobody has answered for some minutes: the citizen may choose again."""

    action_name = "action_handoff_nobody"

    async def act(self, talk: Conversation) -> None:
        """Nothing once somebody has answered, or it is over."""
        live = await talk.services.aftercare.live(talk.contact)
        if live is None or live.answered or live.id != talk.entities.get("episode"):
            return
        opens = await closed_until(talk)
        if opens:
            talk.say("utter_handoff_nobody_closed", opens=opens)
        else:
            talk.say("utter_handoff_nobody")


class KeepWaiting(MariaAction):
    """They go on waiting."""

    action_name = "action_keep_waiting"

    async def act(self, talk: Conversation) -> None:
        """The minutes begin anew; an old button is told the truth."""
        live = await talk.services.aftercare.live(talk.contact)
        if live is None:
            talk.say("utter_anything_else")
            return
        await talk.services.aftercare.wait_on(live.id)
        talk.say("utter_keep_waiting")


class CallMe(MariaAction):
    """A call instead of the chat: a ticket that says so, with the number they write from."""

    action_name = "action_call_me"

    async def act(self, talk: Conversation) -> None:
        """Only where the number is known; the wish for a person in the chat ends with the folio."""
        if not talk.phone:
            talk.say("utter_call_no_phone", tel_cea=phone(talk))
            return
        if folio := await leave_ticket(talk, "call_title"):
            talk.say("utter_call_noted", folio=folio, ending=mask_phone(talk.phone))


class HandoffOpen(MariaAction):
    """What was promised: AGORA has it now."""

    action_name = "action_handoff_open"

    async def act(self, talk: Conversation) -> None:
        """Nothing if it is over already."""
        try:
            episode = await talk.services.handoffs.get(str(talk.entities.get("episode")))
        except NotFound:
            return
        if episode.state == "open":
            await say_open(talk, episode)
