"""What a person is handed: the wish, its reason, the whole case; as an episode, or as a ticket with a folio."""

from __future__ import annotations

import json

from actions.base import Conversation
from actions.contract import ALL
from services.agora.tickets import Ticket
from services.errors import ServiceError, UnknownOutcome
from services.handoff.episodes import Episode
from services.handoff.model import Ask
from services.handoff.note import Notes
from services.handoff.rules import Route

SAID_AT_MOST = 500


def about(talk: Conversation) -> tuple[str | None, str | None]:
    """The errand it is about, and the one that is set aside for afterwards."""
    waiting = talk.state.get("aside") or []
    aside = str(waiting[0]["errand"]) if waiting else None
    last = talk.frame.get("errand") or aside or (talk.state.get("last") or {}).get("errand")
    return (str(last) if last else None), aside


def ask_for(talk: Conversation, reason: str, mood: str = "calm") -> tuple[Ask, Route]:
    """The wish with everything the dialogue knows of it, and where it goes."""
    errand, aside = about(talk)
    words = "" if talk.text.startswith("/") else talk.text[:SAID_AT_MOST]
    rules = talk.services.handoffs.rules
    route = rules.route(reason, errand, words)
    if route.reason == "asked" and talk.state.get("upset"):
        route = rules.route("anger", errand, words)
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
        contracts=tuple(number for number in talk.state.get("levels") or {} if number != ALL),
        phone=talk.phone,
    )
    return ask, route


async def request(talk: Conversation, reason: str, mood: str = "calm") -> Episode:
    """Write the wish down with everything a person should know."""
    ask, route = ask_for(talk, reason, mood)
    episode = await talk.services.handoffs.request(ask, await talk.services.gatherer.case(ask, route), route)
    talk.outcome["handoff"] = {"reason": episode.reason, "errand": ask.errand}
    return episode


def _contract(talk: Conversation) -> str | None:
    """Of the errand it is about, unless that is about all of them; else the one that was meant last."""
    frames = [talk.frame, *(talk.state.get("aside") or [])]
    named = (frame["contract"] for frame in frames[:2] if frame.get("contract") not in (None, ALL))
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
    talk.tells("handoff", episode.id)
    return True


def phone(talk: Conversation) -> str:
    """CEA's, as it is said."""
    return talk.services.formats.phone(talk.services.places.phone)


async def leave_ticket(talk: Conversation, title: str = "handoff_title") -> str | None:
    """The folio of a ticket that holds the whole case, so that nothing must be repeated; with it the wish is met.

    None: there is no folio, and that is said. The reason is the button's, else that of the episode that is given up.
    """
    live = await talk.services.aftercare.live(talk.contact)
    ask, route = ask_for(talk, str(talk.entities.get("about") or (live.reason if live else "asked")))
    ticket = await _ticket(talk, ask, route, title)
    try:
        folio = await talk.services.tickets.leave(talk.contact, f"{talk.turn_id}:ticket", ticket)
    except UnknownOutcome:
        talk.say("utter_ticket_unknown", tel_cea=phone(talk))
        return None
    except ServiceError:
        again = f"/handoff_request{json.dumps({'about': route.reason})}"
        options = [{"title": talk.services.texts.get("try_again"), "payload": again}]
        talk.say("utter_handoff_failed", tel_cea=phone(talk), options=options)
        return None
    talk.outcome["ticket"] = {"reason": route.reason, "errand": ask.errand}
    async with talk.services.db.begin() as session:
        await talk.services.handoffs.leave(session, talk.contact, "ticket")
    return folio


async def _ticket(talk: Conversation, ask: Ask, route: Route, title: str) -> Ticket:
    ask = ask.model_copy(update={"words": await talk.services.gatherer.said(talk.contact)})
    case = await talk.services.gatherer.case(ask, route)
    notes = Notes(talk.services.handoffs.rules, talk.services.texts.table("errand_titles"), talk.services.clock.local)
    return Ticket(
        title=talk.services.texts.get(title),
        description=notes.summary(case, route, ask.turn),
        priority=route.priority,
        service_type=route.team,
        contract=ask.contract,
        phone=talk.phone,
        metadata={"motivo": route.reason},
    )
