"""AGORA down, slow, forgetful, double, late, silent: every message on both sides once and in order."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from handoff.desk import AgoraDesk
from runtime.handoff import build_desk, build_handoffs
from services.bootstrap import DATA
from services.handoff.port import DeskUnknown, Posting
from services.knowledge.texts import Texts
from tests.channels.conftest import body_of, until
from tests.handoff.conftest import House, notes_of, texts_of

TEN = [f"mensaje {number}" for number in range(10)]


async def test_down_when_asked_it_is_delivered_later_and_told(house: House) -> None:
    contact = await house.contact()
    house.faults({"system": "agora", "kind": "error", "status": 503, "remaining": 4})
    episode = await house.request(contact)
    handoffs = build_handoffs(house.parts)
    assert not await handoffs.wait_open(episode, 0.3)
    await house.wait_state(episode, "open", 30)
    assert (await house.rasa_turn("handoff_open"))["entities"] == {"episode": episode}
    assert len(house.agora.store.conversations) == 1
    assert len(notes_of(house.conversation(episode))) == 2


@pytest.mark.parametrize(
    "operation", ["contacts", "conversations", "messages", "toggle_status", "labels", "assignments"]
)
async def test_a_lost_answer_while_delivering_makes_nothing_double(house: House, operation: str) -> None:
    contact = await house.contact()
    house.faults({"system": "agora", "kind": "drop", "operation": operation, "remaining": 1})
    episode = await house.request(contact)
    await house.wait_state(episode, "open", 30)
    assert len(house.agora.store.contacts) == len(house.agora.store.conversations) == 1
    talk = house.conversation(episode)
    sources = [m.source_id for m in talk.messages if m.source_id]
    assert len(sources) == len(set(sources))
    assert [s.rpartition(":")[2] for s in sources if ":n" in s] == ["n0", "n1"]


@pytest.mark.parametrize("kind", ["error", "drop"])
async def test_every_third_call_fails(house: House, kind: str) -> None:
    talk = await house.hand_over(await house.contact())
    house.faults({"system": "agora", "kind": kind, "rate": 0.33})
    before = len(await house.sent())
    for number, text in enumerate(TEN):
        await house.citizen(text=text)
        house.world.faults.clear()
        await house.says(talk, content=f"respuesta {number}")
        house.faults({"system": "agora", "kind": kind, "rate": 0.33})

    late = Texts(DATA / "texts.yml").get("handoff_slow", "usted", tel_cea="").partition("\n")[0]

    async def answers() -> list[str]:
        """Everything, but for the word that lines arrive late, which enough failures in a row bring."""
        new = [body_of(m) for m in (await house.sent())[before:]]
        return [body.rpartition("\n")[2] for body in new if not body.startswith(late)]

    async with asyncio.timeout(60):
        while len(await answers()) < len(TEN):
            await asyncio.sleep(0.1)
    house.world.faults.clear()
    await house.wait_lines(talk, *TEN, seconds=60)
    assert texts_of(talk).count("mensaje 3") == 1
    assert await answers() == [f"respuesta {number}" for number in range(len(TEN))]


async def test_webhooks_twice_and_in_disorder(house: House) -> None:
    talk = await house.hand_over(await house.contact())
    house.faults({"system": "agora_webhook", "kind": "duplicate"}, {"system": "agora_webhook", "kind": "reorder"})
    before = len(await house.sent())
    for text in TEN:
        await house.says(talk, content=text)
    await house.wait_sent(before + len(TEN), seconds=20)
    await house.agora.webhooks.settled()
    sent = [body_of(m).rpartition("\n")[2] for m in await house.sent()][before:]
    assert sent == TEN


async def test_a_lost_webhook_is_found_by_looking(house: House) -> None:
    house.sync.poll = timedelta(seconds=0.5)
    talk = await house.hand_over(await house.contact())
    house.faults({"system": "agora_webhook", "kind": "drop"})
    before = len(await house.sent())
    await house.says(talk, content="¿sigue ahí?")
    sent = await house.wait_sent(before + 1)
    assert body_of(sent[-1]).endswith("¿sigue ahí?")
    await house.sets(talk, "resolved")
    await house.rasa_turn("handoff_ended")


async def test_states_come_back_to_the_agent(house: House) -> None:
    talk = await house.hand_over(await house.contact())
    number = await house.says(talk, content="¿me lee?")
    await _status(house, talk, number, "delivered", "read")


async def test_outside_the_window_the_agent_is_told_and_a_template_goes(house: House) -> None:
    contact = await house.contact()
    talk = await house.hand_over(contact)
    house.world.clock.advance_seconds(25 * 3600)
    house.parts.clock.offset = house.world.clock.offset
    number = await house.says(talk, content="Ya quedó su ajuste")
    message = await _status(house, talk, number, "failed")
    assert "24 h" in message.attributes["external_error"]
    params = {"name": "case_update", "language": "es_MX", "processed_params": {"body": {"1": "Rosa"}}}
    before = len(await house.sent())
    await house.says(talk, content="Hola Rosa", template_params=params)
    found = await until(lambda: _letters(house), lambda rows: any(r["kind"] == "template" for r in rows), 8)
    assert found[-1]["name"] == "case_update"
    assert found[-1]["parameters"] == ["Rosa"]
    assert len(await house.sent()) >= before


async def test_try_again_sends_once_more(house: House) -> None:
    talk = await house.hand_over(await house.contact())
    house.faults({"system": "graph", "kind": "error", "code": 131026, "status": 400, "remaining": 1})
    before = len(await house.sent())
    number = await house.says(talk, content="¿me lee?")
    message = await _status(house, talk, number, "failed")
    assert "131026" in message.attributes["external_error"]
    url = f"http://agora/agora/api/v1/accounts/2/conversations/{talk.display}/messages/{number}/retry"
    assert (await house.http.post(url, headers={"Api-Access-Token": "sandbox-agora-laura"})).status_code == 200
    sent = await house.wait_sent(before + 1)
    assert body_of(sent[-1]).endswith("¿me lee?")
    await _status(house, talk, number, "delivered", "read")


async def test_a_webhook_that_fails_late_does_not_leave_a_delivered_message_red(house: House) -> None:
    house.sync.poll = timedelta(seconds=0.3)
    talk = await house.hand_over(await house.contact())
    number = await house.says(talk, content="¿me lee?")
    message = await _status(house, talk, number, "read")
    message.status, message.attributes = "failed", {"external_error": "Failed to open TCP connection"}
    again = await _status(house, talk, number, "delivered", "read")
    assert "external_error" not in again.attributes
    assert sum("¿me lee?" in body_of(m) for m in await house.sent()) == 1


class Late(AgoraDesk):
    """The first post gets no answer and arrives half a second later."""

    def __init__(self, desk: AgoraDesk) -> None:
        self.__dict__.update(desk.__dict__)
        self.waiting: asyncio.Task[int] | None = None

    async def put(self, conversation: int, posting: Posting) -> int:
        if self.waiting:
            return await super().put(conversation, posting)
        self.waiting = asyncio.create_task(self._later(conversation, posting))
        raise DeskUnknown("time-out", late=True)

    async def _later(self, conversation: int, posting: Posting) -> int:
        await asyncio.sleep(0.5)
        return await super().put(conversation, posting)


async def test_a_post_that_arrives_after_its_time_out_is_not_repeated(house: House) -> None:
    talk = await house.hand_over(await house.contact())
    house.sync.feeder.desk = Late(build_desk(house.parts))
    await house.citizen(text="tarde pero seguro")
    await house.citizen(text="y después")
    await house.wait_lines(talk, "tarde pero seguro", "y después", seconds=15)
    assert texts_of(talk).count("tarde pero seguro") == 1


class Losing(AgoraDesk):
    """Posts get no answer and never arrive."""

    def __init__(self, desk: AgoraDesk) -> None:
        self.__dict__.update(desk.__dict__)

    async def put(self, conversation: int, posting: Posting) -> int:
        raise DeskUnknown("time-out", late=True)


async def test_what_left_without_an_answer_when_the_person_ended_it_is_answered_by_maria(house: House) -> None:
    talk = await house.hand_over(await house.contact())
    house.sync.feeder.desk = Losing(build_desk(house.parts))
    await house.citizen(text="y mi recibo de marzo")
    await until(lambda: _states(house), lambda found: "sending" in found, 8)
    await house.sets(talk, "resolved")
    assert (await house.rasa_turn(None, text="y mi recibo de marzo"))["text"]
    assert "sending" not in await _states(house)
    assert "y mi recibo de marzo" not in texts_of(talk)


async def _states(house: House) -> list[str]:
    from sqlalchemy import select

    from services.handoff.tables import RelayRow

    async with house.parts.database.read() as session:
        return list(await session.scalars(select(RelayRow.status)))


async def _letters(house: House) -> list[dict[str, Any]]:
    from sqlalchemy import select

    from services.messaging.tables import OutboxRow

    async with house.parts.database.read() as session:
        return [dict(m) for m in await session.scalars(select(OutboxRow.message).order_by(OutboxRow.id))]


async def _status(house: House, talk: Any, number: int, *wanted: str) -> Any:
    async def now() -> Any:
        return next(m for m in talk.messages if m.id == number)

    return await until(now, lambda message: message.status in wanted, 15)
