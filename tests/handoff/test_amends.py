"""What an agent does to a message afterwards: deletes it, or puts it into other words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandbox.agora.model import Conversation, Message
from tests.channels.conftest import body_of, until
from tests.handoff.conftest import BASE, LAURA, House, notes_of

RECEIVED = "El ciudadano ya recibió el mensaje"


def line(talk: Conversation, number: int) -> Message:
    return next(m for m in talk.messages if m.id == number)


async def delete(house: House, talk: Conversation, number: int) -> None:
    url = f"{BASE}/conversations/{talk.display}/messages/{number}"
    assert (await house.http.delete(url, headers=LAURA)).status_code == 200


async def said(house: House, talk: Conversation, text: str) -> int:
    """An agent's words that have reached the citizen."""
    number = await house.says(talk, content=text)
    await until(house.sent, lambda sent: any(text in body_of(b) for b in sent), 10)

    async def state() -> str:
        return line(talk, number).status

    await until(state, lambda found: found in ("delivered", "read"), 15)
    return number


def told(talk: Conversation) -> list[Message]:
    return [note for note in notes_of(talk) if (note.content or "").startswith(RECEIVED)]


async def wait_told(house: House, talk: Conversation, times: int = 1) -> None:
    async def notes() -> int:
        return len(told(talk))

    await until(notes, lambda found: found >= times, 10)


async def bodies(house: House) -> list[str]:
    return [body_of(body) for body in await house.sent()]


async def test_a_deletion_that_comes_late_is_told_to_the_agent_and_not_to_the_citizen(house: House) -> None:
    talk = await house.hand_over(await house.contact())
    number = await said(house, talk, "debe 900 pesos")
    before = await bodies(house)
    await delete(house, talk, number)
    await wait_told(house, talk)
    assert told(talk)[0].attributes["in_reply_to"] == number
    await said(house, talk, "perdón, son 90 pesos")
    assert len(await bodies(house)) == len(before) + 1
    assert len(told(talk)) == 1


async def test_a_deletion_whose_webhook_was_lost_is_found_by_looking(house: House) -> None:
    house.sync.poll = timedelta(seconds=0.3)
    talk = await house.hand_over(await house.contact())
    number = await said(house, talk, "debe 900 pesos")
    house.faults({"system": "agora_webhook", "kind": "drop", "rate": 1.0})
    await delete(house, talk, number)
    await wait_told(house, talk)


async def test_what_is_deleted_before_it_left_never_leaves(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    talk = await house.hand_over(await house.contact())

    async def nothing(*_: Any) -> list[Any]:
        return []

    with monkeypatch.context() as paused:
        paused.setattr(house.parts.outbox, "claim", nothing)
        number = await house.says(talk, content="debe 900 pesos")
        await until(lambda: _letters(house), lambda found: ("pending", "debe 900 pesos") in found, 10)
        await delete(house, talk, number)
        await until(lambda: _letters(house), lambda found: ("expired", "debe 900 pesos") in found, 10)
    await said(house, talk, "son 90 pesos")
    assert not any("debe 900" in body for body in await bodies(house))
    assert told(talk) == []


async def test_after_the_end_a_deletion_is_told_without_opening_anything(house: House) -> None:
    talk = await house.hand_over(await house.contact())
    number = await said(house, talk, "debe 900 pesos")
    await house.sets(talk, "resolved")
    await house.wait_state(talk.custom["maria_handoff"], "closed")
    await delete(house, talk, number)
    await wait_told(house, talk)
    assert talk.status == "resolved"


async def test_other_words_go_out_as_a_correction_once(house: House) -> None:
    talk = await house.hand_over(await house.contact())
    number = await said(house, talk, "debe 900 pesos")
    reworded = line(talk, number)
    reworded.content = "debe **90** pesos"
    house.agora.events.message("message_updated", reworded)
    house.agora.events.message("message_updated", reworded)
    await until(lambda: bodies(house), lambda found: found[-1] == "*Corrección:* debe *90* pesos", 10)
    await said(house, talk, "gracias")
    assert sum("Corrección" in body for body in await bodies(house)) == 1


async def _letters(house: House) -> list[tuple[str, str]]:
    from sqlalchemy import select

    from services.messaging.tables import OutboxRow

    async with house.parts.database.read() as session:
        rows = await session.execute(select(OutboxRow.status, OutboxRow.message).order_by(OutboxRow.id))
        return [(status, str(message.get("body", "")).rpartition("\n")[2]) for status, message in rows]
