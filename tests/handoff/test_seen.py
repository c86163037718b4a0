"""The citizen's ticks turn blue when a person has seen their message, and not before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sandbox.agora.model import Conversation
from tests.channels.conftest import until
from tests.handoff.conftest import BASE, LAURA, House


async def marks(house: House) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await house.http.get("http://graph/control/whatsapp/marks")).json()
    return found


async def read(house: House) -> list[str]:
    return [mark["message_id"] for mark in await marks(house)]


async def looks(house: House, talk: Conversation) -> None:
    """The agent opens the conversation."""
    url = f"{BASE}/conversations/{talk.display}/update_last_seen"
    assert (await house.http.post(url, headers=LAURA)).status_code == 200


async def test_ticks_when_the_agent_has_looked(house: House) -> None:
    house.sync.poll = timedelta(seconds=0.3)
    talk = await house.hand_over(await house.contact())
    first = await house.citizen(text="no me llegó el recibo")
    second = await house.citizen(text="¿hay alguien?")
    await house.wait_lines(talk, "no me llegó el recibo", "¿hay alguien?")
    await house.sync.desk.look(talk.display)
    assert not {first, second} & set(await read(house)), "nobody has seen it"
    await looks(house, talk)
    await until(lambda: read(house), lambda found: found[-1] == second, 10)
    last = (await marks(house))[-1]
    assert "typing_indicator" not in last
    third = await house.citizen(text="sigo aquí")
    await house.wait_lines(talk, "sigo aquí")
    assert third not in await read(house)


async def test_an_answer_proves_that_what_stood_before_it_was_read(house: House) -> None:
    talk = await house.hand_over(await house.contact())
    asked = await house.citizen(text="no me llegó el recibo")
    await house.wait_lines(talk, "no me llegó el recibo")
    await house.says(talk, content="ahora se lo mando")
    await until(lambda: read(house), lambda found: asked in found, 10)


async def test_a_mark_that_fails_costs_nothing(house: House) -> None:
    house.sync.poll = timedelta(seconds=0.3)
    talk = await house.hand_over(await house.contact())
    await house.citizen(text="no me llegó el recibo")
    await house.wait_lines(talk, "no me llegó el recibo")
    house.faults({"system": "graph", "kind": "error", "status": 500, "operation": "messages", "remaining": 1})
    await looks(house, talk)

    async def failed() -> bool:
        return not house.world.faults.active or house.world.faults.active[0].remaining == 0

    await until(failed, bool, 10)
    await house.citizen(text="¿hola?")
    await house.wait_lines(talk, "¿hola?")
