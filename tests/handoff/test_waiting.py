"""Nobody yet and its choices, and the rating: on both sides, once, and opening nothing again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sandbox.agora.model import Conversation
from services.bootstrap import KNOWLEDGE
from services.clock import Clock
from services.handoff.aftercare import Aftercare
from services.handoff.care import Waiting
from tests.channels.conftest import body_of, until
from tests.handoff.conftest import House, texts_of

RULES = Waiting.read(KNOWLEDGE / "waiting.yml")


def care(house: House) -> Aftercare:
    return Aftercare(house.parts.database, house.parts.clock, house.parts.bell, RULES, Clock())


def later(house: House, **delta: float) -> None:
    house.parts.clock.offset += timedelta(**delta)


async def look(house: House, talk: Conversation) -> None:
    """Something rings at the desk: the episode is looked at now."""
    from runtime.handoff import build_handoffs

    await build_handoffs(house.parts).ring(talk.display)


def turns(house: House, intent: str) -> list[dict[str, Any]]:
    return [t for t in house.rasa.turns if t["intent"] == intent]


async def test_nobody_yet_is_said_after_some_minutes_and_again_after_waiting_on(house: House) -> None:
    talk = await house.hand_over(await house.contact())
    episode = talk.custom["maria_handoff"]
    await look(house, talk)
    assert turns(house, "handoff_nobody") == []
    later(house, minutes=RULES.nobody.after_minutes + 1)
    await look(house, talk)
    assert (await house.rasa_turn("handoff_nobody"))["entities"] == {"episode": episode}
    await care(house).wait_on(episode)
    later(house, minutes=RULES.nobody.after_minutes + 1)
    await look(house, talk)
    await until(lambda: _count(house, "handoff_nobody"), lambda n: n == 2, 10)
    later(house, minutes=RULES.nobody.after_minutes * 3)
    await look(house, talk)
    await house.citizen(text="¿sigue ahí?")
    await house.wait_lines(talk, "¿sigue ahí?")
    assert len(turns(house, "handoff_nobody")) == RULES.nobody.times


async def test_nobody_yet_is_not_said_once_a_person_has_written(house: House) -> None:
    talk = await house.hand_over(await house.contact())
    before = len(await house.sent())
    await house.says(talk, content="Hola, soy Laura.")
    await house.wait_sent(before + 1)
    later(house, minutes=RULES.nobody.after_minutes + 1)
    await look(house, talk)
    await house.citizen(text="gracias")
    await house.wait_lines(talk, "gracias")
    assert turns(house, "handoff_nobody") == []


async def test_the_choices_are_marias_though_a_person_has_it_tapped_or_typed(house: House) -> None:
    rows = [
        {"title": t, "payload": p} for t, p in (("Seguir esperando", "/keep_waiting"), ("Que me llamen", "/call_me"))
    ]
    house.rasa.script["handoff_nobody"] = [{"text": "Todavía nadie.", "buttons": rows}]
    talk = await house.hand_over(await house.contact())
    before = len(await house.sent())
    later(house, minutes=RULES.nobody.after_minutes + 1)
    await look(house, talk)
    await house.wait_sent(before + 1)
    await house.citizen(text="la 2")
    assert (await house.rasa_turn("call_me"))["text"] == "Que me llamen"
    await house.citizen(text="mejor los espero")
    await house.wait_lines(talk, "mejor los espero")
    await house.citizen(button={"id": "/keep_waiting", "title": "Seguir esperando"})
    await house.rasa_turn("keep_waiting")
    await house.citizen(button={"id": "/balance_inquiry", "title": "Ver cuánto debo"})
    await house.wait_lines(talk, "Ver cuánto debo")
    assert turns(house, "balance_inquiry") == [], "every other tap is the person's"


async def ended(house: House, **more: Any) -> Conversation:
    """A person answered and resolved."""
    talk = await house.hand_over(await house.contact(), **more)
    before = len(await house.sent())
    await house.says(talk, content="Ya quedó.")
    await house.wait_sent(before + 1)
    await house.sets(talk, "resolved")
    await house.wait_state(talk.custom["maria_handoff"], "closed")
    return talk


async def test_a_rating_is_asked_once_and_written_to_agora_without_opening_anything(any_house: House) -> None:
    house = any_house
    talk = await ended(house)
    episode = talk.custom["maria_handoff"]
    asks = [{"text": "¿Cómo le atendieron?"}, {"custom": {"kind": "tells", "what": "rating", "about": episode}}]
    house.rasa.script["handoff_rate"] = asks
    later(house, seconds=RULES.rating.after_seconds + 5)
    await look(house, talk)
    assert (await house.rasa_turn("handoff_rate"))["entities"] == {"episode": episode}
    contact = (await house.rasa_turn("handoff_rate"))["contact"]
    await until(house.sent, lambda sent: body_of(sent[-1]) == "¿Cómo le atendieron?", 8)
    assert not await care(house).may_ask(episode), "it is written, so it is asked"
    assert await care(house).rate(episode, contact, 4) == "asked"
    await until(lambda: _ratings(house), lambda found: found == [(4, "")], 10)
    assert await care(house).rate(episode, contact, 5, "muy rápido") == "asked"
    await until(lambda: _ratings(house), lambda found: found == [(5, "muy rápido")], 10)
    assert talk.status == "resolved"
    assert talk.custom["csat"] == "5"
    assert [m.content_type for m in talk.messages].count("input_csat") == 1
    assert RULES.rating.question not in [body_of(body) for body in await house.sent()]
    assert texts_of(talk) == [], "the citizen said nothing there"
    later(house, minutes=30)
    await look(house, talk)
    await house.citizen(text="cuánto debo")
    await house.rasa_turn(None, text="cuánto debo")
    assert len(turns(house, "handoff_rate")) == 1


async def test_a_question_that_was_lost_on_the_way_is_asked_by_the_turn_that_comes_again(house: House) -> None:
    talk = await ended(house)
    episode = talk.custom["maria_handoff"]
    asks = [{"text": "¿Cómo le atendieron?"}, {"custom": {"kind": "tells", "what": "rating", "about": episode}}]
    house.rasa.script["handoff_rate"] = asks
    house.rasa.failing = [503]
    later(house, seconds=RULES.rating.after_seconds + 5)
    await look(house, talk)
    await house.rasa_turn("handoff_rate")
    await until(house.sent, lambda sent: body_of(sent[-1]) == "¿Cómo le atendieron?", 8)
    assert [body_of(body) for body in await house.sent()].count("¿Cómo le atendieron?") == 1
    assert not await care(house).may_ask(episode)


async def test_a_rating_waits_for_agora(house: House) -> None:
    talk = await ended(house)
    episode = talk.custom["maria_handoff"]
    later(house, seconds=RULES.rating.after_seconds + 5)
    await look(house, talk)
    contact = (await house.rasa_turn("handoff_rate"))["contact"]
    talk_status, house.agora.store.ratings[:] = talk.status, []
    house.faults({"system": "agora", "kind": "error", "status": 503})
    await care(house).rate(episode, contact, 2, "tardaron")
    house.faults()
    await until(lambda: _ratings(house), lambda found: found == [(2, "tardaron")], 15)
    assert talk.status == talk_status


async def test_no_rating_after_distress_nor_where_nobody_answered(house: House) -> None:
    talk = await ended(house, reason="distress")
    later(house, minutes=10)
    await look(house, talk)
    other = await house.hand_over(await house.contact(), turn="t2")
    await house.sets(other, "resolved")
    await house.wait_state(other.custom["maria_handoff"], "closed")
    later(house, minutes=10)
    await look(house, other)
    await house.citizen(text="hola otra vez")
    await house.rasa_turn(None, text="hola otra vez")
    assert turns(house, "handoff_rate") == []


async def test_outside_the_window_no_rating_is_asked(house: House) -> None:
    talk = await ended(house)
    later(house, hours=25)
    await look(house, talk)
    await until(lambda: _asked(house), lambda asked: asked == [1], 10)
    assert turns(house, "handoff_rate") == []


async def test_a_rating_of_somebody_elses_episode_is_refused(house: House) -> None:
    talk = await ended(house)
    assert await care(house).rate(talk.custom["maria_handoff"], "somebody-else", 1) is None
    assert await care(house).rate("no-such-episode", "somebody-else", 1) is None


async def test_what_was_said_is_forgotten_after_a_month_and_who_has_it_is_not(any_house: House) -> None:
    house = any_house
    from runtime.handoff import build_handoffs

    talk = await ended(house)
    await care(house).rate(talk.custom["maria_handoff"], await house.contact(), 5, "vivo en Nogal 8")
    await until(lambda: _ratings(house), lambda found: found == [(5, "vivo en Nogal 8")], 10)
    handoffs = build_handoffs(house.parts)
    await handoffs.forget()
    assert "Nogal" in str(await _stored(house))
    assert "Rosa" in str(await _stored(house))
    later(house, days=31)
    await look(house, talk)
    await until(lambda: _forgotten(house), bool, 10)
    stored = await _stored(house)
    assert [row["rating"] for row in stored if "rating" in row] == [5]
    before = len(await house.sent())
    await house.citizen(text="sigo aquí")
    await house.wait_sent(before + 1)
    await house.says(talk, content="¿Cómo quedó todo?")
    await house.wait_sent(before + 2)


async def _forgotten(house: House) -> bool:
    """Once nothing is due for the episode any more."""
    from runtime.handoff import build_handoffs

    await build_handoffs(house.parts).forget()
    stored = str(await _stored(house))
    return not any(word in stored for word in ("Nogal", "Rosa", "Ya quedó", "Ciudadano"))


async def _stored(house: House) -> list[dict[str, Any]]:
    """All that is kept of episodes."""
    from sqlalchemy import select

    from services.handoff.tables import CareRow, EpisodeRow, RelayRow

    found: list[dict[str, Any]] = []
    async with house.parts.database.read() as session:
        for table in (EpisodeRow, RelayRow, CareRow):
            found += [dict(row) for row in (await session.execute(select(table.__table__))).mappings()]
    return found


async def _count(house: House, intent: str) -> int:
    return len(turns(house, intent))


async def _ratings(house: House) -> list[tuple[int, str]]:
    return [(r.rating, r.words) for r in house.agora.store.ratings]


async def _asked(house: House) -> list[int]:
    from sqlalchemy import select

    from services.handoff.tables import CareRow

    async with house.parts.database.read() as session:
        return list(await session.scalars(select(CareRow.asked)))
