"""A person: asked for, told honestly, and back from them; or a ticket, where the citizen prefers one."""

from __future__ import annotations

from actions.base import Conversation, MariaAction
from services.agora.tickets import Ticket
from services.errors import NotFound, ServiceError
from services.handoff.episodes import Episode
from services.handoff.model import Ask

SAID_AT_MOST = 500


def about(talk: Conversation) -> tuple[str | None, str | None]:
    """The errand it is about, and the one that is set aside for afterwards."""
    waiting = talk.state.get("aside") or []
    aside = str(waiting[0]["errand"]) if waiting else None
    last = talk.frame.get("errand") or aside or (talk.state.get("last") or {}).get("errand")
    return (str(last) if last else None), aside


async def request(talk: Conversation, reason: str, mood: str = "calm") -> Episode:
    """Write the wish down with everything a person should know."""
    errand, aside = about(talk)
    words = "" if talk.text.startswith("/") else talk.text[:SAID_AT_MOST]
    route = talk.services.handoffs.rules.route(reason, errand, words)
    mood = mood if mood != "calm" else _mood(talk, route.reason)
    ask = Ask(
        turn=talk.turn_id,
        contact=talk.contact,
        channel=talk.channel,
        reason=route.reason,
        intent=talk.intent,
        errand=errand,
        aside=aside,
        mood=mood,
        words=words,
        contract=_contract(talk),
        contracts=tuple(talk.state.get("levels") or {}),
        phone=talk.phone,
    )
    episode = await talk.services.handoffs.request(ask, await talk.services.gatherer.case(ask, route), route)
    talk.outcome["handoff"] = {"reason": episode.reason, "errand": errand}
    return episode


def _contract(talk: Conversation) -> str | None:
    """Of the errand it is about, else the one that was meant last."""
    frames = [talk.frame, *(talk.state.get("aside") or [])]
    named = (frame["contract"] for frame in frames[:2] if frame.get("contract"))
    return next(named, None) or talk.state.get("contract")


def _mood(talk: Conversation, reason: str) -> str:
    if reason in ("anger", "distress", "self_harm"):
        return reason
    return "anger" if talk.state.get("upset") or talk.state.get("anger") else "calm"


async def is_open(talk: Conversation, episode: Episode) -> bool:
    """Whether a person's desk has it; if not yet, María tells the citizen in a turn of her own once it has."""
    handoffs = talk.services.handoffs
    if not await handoffs.wait_open(episode.id, talk.services.settings.handoff_patience_seconds):
        return False
    await handoffs.told(episode.id)
    return True


class HandOff(MariaAction):
    """A person has it, said only once AGORA says so; else the truth and the phone number."""

    action_name = "action_handoff"

    async def act(self, talk: Conversation) -> None:
        """Why is what the button said, or what the words say."""
        episode = await request(talk, str(talk.entities.get("about") or "asked"))
        if await is_open(talk, episode):
            talk.say("utter_handoff_open")
            return
        talk.say("utter_handoff_waiting", tel_cea=talk.services.formats.phone(talk.services.places.phone))


class HandoffOpen(MariaAction):
    """What was promised: AGORA has it now."""

    action_name = "action_handoff_open"

    async def act(self, talk: Conversation) -> None:
        """Nothing if it is over already."""
        episode = await talk.services.handoffs.get(str(talk.entities.get("episode")))
        if episode.state == "open":
            talk.say("utter_handoff_open")


class HandoffEnded(MariaAction):
    """María again: who ended it and what was agreed; the plan then offers what was set aside."""

    action_name = "action_handoff_ended"

    async def act(self, talk: Conversation) -> None:
        """The agreement only where the person left it for the citizen."""
        try:
            episode = await talk.services.handoffs.get(str(talk.entities.get("episode")))
        except NotFound:
            return
        keys = {"citizen": "utter_back_asked", "returned": "utter_back_returned"}
        talk.say(keys.get(episode.closed_by or "", "utter_back_resolved"))
        if episode.closing_note:
            talk.say("utter_back_agreed", agreed=episode.closing_note)


class LeaveTicket(MariaAction):
    """Instead of waiting: a ticket with its folio, as AGORA gives it."""

    action_name = "action_leave_ticket"

    async def act(self, talk: Conversation) -> None:
        """The wish for a person is taken back once there is a folio."""
        tel = talk.services.formats.phone(talk.services.places.phone)
        try:
            folio = await leave_ticket(talk)
        except ServiceError:
            talk.say("utter_handoff_failed", tel_cea=tel)
            return
        async with talk.services.db.begin() as session:
            await talk.services.handoffs.leave(session, talk.contact, "ticket")
        talk.say("utter_handoff_ticket", folio=folio, tel_cea=tel)


async def leave_ticket(talk: Conversation) -> str:
    """The folio of a ticket that holds what was wanted, so that nothing must be repeated.

    Raises:
        ServiceError: AGORA did not take it, or it is not known whether it did.
    """
    errand, _ = about(talk)
    wanted = talk.services.texts.table("errand_titles").get(errand or "", "—")
    ticket = Ticket(
        title=talk.services.texts.get("handoff_title"),
        description=talk.services.texts.get("handoff_description", wanted=wanted, said=talk.text[:SAID_AT_MOST]),
        priority="medium",
        service_type="general",
        contract=talk.state.get("contract"),
        phone=talk.phone,
    )
    return await talk.services.tickets.create(ticket)
