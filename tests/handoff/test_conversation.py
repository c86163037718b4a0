"""From asking for a person to being back with María, on both sides."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from sandbox.agora.model import Conversation
from services.bootstrap import KNOWLEDGE
from services.identity.codes import Codes
from services.identity.policy import Policy
from services.messaging.tables import InboxRow
from services.spelling import plain_words
from tests.channels.conftest import body_of
from tests.handoff.conftest import House, notes_of, texts_of, until

FIGURES = "cero uno dos tres cuatro cinco seis siete ocho nueve".split()


def shown(sent: list[dict]) -> list[str]:
    return [body_of(body) for body in sent]


async def test_the_agent_gets_everything_before_anybody_is_told(any_house: House) -> None:
    contact = await any_house.contact()
    talk = await any_house.hand_over(contact, reason="dispute", errand="bill_request")
    assert (talk.status, talk.handed_off, talk.priority) == ("open", 1, "medium")
    assert talk.labels == ["recibo", "aclaracion"]
    assert talk.team
    assert talk.team.name == "facturación"
    assert talk.custom["motivo"] == "no está de acuerdo con un cobro"
    assert "dispute" not in talk.custom.values()
    summary, transcript = (note.content or "" for note in notes_of(talk))
    assert summary.startswith("## María → atención humana")
    assert "Rosa, WhatsApp que termina en 63" in summary
    assert "5214425550163" not in summary
    assert "Ciudadano: hola" in transcript
    assert "María: eco: hola" in transcript


async def test_messages_cross_both_ways_in_order(any_house: House) -> None:
    house = any_house
    contact = await house.contact()
    talk = await house.hand_over(contact)
    before, turns = len(await house.sent()), len(house.rasa.turns)
    for text in ("uno", "dos", "tres"):
        await house.citizen(text=text)
    await house.wait_lines(talk, "uno", "dos", "tres")
    await house.says(talk, content="Hola, soy Laura.")
    await house.says(talk, content="Ya revisé su **recibo**.")
    await house.says(talk, content="no decir esto", private=True)
    sent = await house.wait_sent(before + 2)
    assert shown(sent[before:]) == ["*Laura (CEA):*\nHola, soy Laura.", "Ya revisé su *recibo*."]
    assert len(house.rasa.turns) == turns, "María is silent"


async def test_a_reaction_is_the_persons_even_a_thumb_on_the_last_message(house: House) -> None:
    contact = await house.contact()
    talk = await house.hand_over(contact)
    before, turns = len(await house.sent()), len(house.rasa.turns)
    await house.says(talk, content="¿Le parece bien?")
    await house.wait_sent(before + 1)
    lines = (await house.http.get("http://graph/control/whatsapp/thread", params={"person": "5214425550163"})).json()
    wamid = [line["id"] for line in lines["lines"] if line["direction"] == "out"][-1]
    await house.citizen(reaction={"message_id": wamid, "emoji": "👍"})
    await until(lambda: said(talk), lambda lines: "(reaccionó 👍" in "".join(lines[-1:]), 10)
    assert len(house.rasa.turns) == turns, "it is no yes to María"


async def said(talk: Conversation) -> list[str]:
    return texts_of(talk, 0)


async def test_resolved_and_maria_takes_up_again(any_house: House) -> None:
    house = any_house
    contact = await house.contact()
    talk = await house.hand_over(contact)
    episode = talk.custom["maria_handoff"]
    await house.says(talk, content="esto es entre nosotros", private=True)
    await house.says(talk, content="Para María: le llega el jueves", private=True)
    await house.sets(talk, "resolved")
    await house.wait_state(episode, "closed")
    turn = (await house.rasa_turn("handoff_ended"))["entities"]
    assert turn == {"episode": episode}
    assert await house.note(episode) == "le llega el jueves"
    await house.citizen(text="gracias")
    await house.rasa_turn(None, text="gracias")
    assert talk.status == "resolved"


async def test_given_back(house: House) -> None:
    talk = await house.hand_over(await house.contact())
    await house.sets(talk, "pending")
    await house.rasa_turn("handoff_ended")
    await house.citizen(text="¿y mi recibo?")
    await house.rasa_turn(None, text="¿y mi recibo?")


async def test_the_citizen_goes_back_to_maria(house: House) -> None:
    talk = await house.hand_over(await house.contact())
    await house.citizen(text="quiero volver con María")
    await house.rasa_turn("handoff_ended")
    await until_status(house, talk, "resolved")
    assert texts_of(talk)[-1] == "quiero volver con María"
    assert "volver con María" in (notes_of(talk)[-1].content or "")
    assert plain_words(notes_of(talk)[-1].content or "").startswith("el ciudadano prefirio")


async def until_status(house: House, talk: Conversation, status: str) -> None:
    from tests.channels.conftest import until

    async def now() -> str:
        return talk.status

    await until(now, lambda found: found == status, 8)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("mi código es 481 516", "mi código es ••••••"), ("cuatro ocho uno cinco uno seis", "••••••")],
)
async def test_a_code_that_was_typed_reaches_nobody(house: House, typed: str, kept: str) -> None:
    house.rasa.script[typed] = [{"text": "Listo"}, {"custom": {"kind": "tells", "what": "code", "about": "481516"}}]
    contact = await house.contact()
    await house.citizen(text="mi contrato es el 455123")
    await house.wait_sent(2)
    await house.citizen(text=typed)
    await house.wait_sent(3)
    talk = await house.hand_over(contact)
    _, transcript = (note.content or "" for note in notes_of(talk))
    assert f"Ciudadano: {kept}" in transcript
    assert "Ciudadano: mi contrato es el 455123" in transcript


async def code_for(house: House, contact: str) -> str:
    """One that María sent, as she does before an errand that needs it."""
    limits = Policy.read(KNOWLEDGE / "verification.yml").limits.code
    pepper = house.parts.settings.code_pepper.get_secret_value()
    return await Codes(house.parts.database, house.parts.clock, limits, pepper).make(contact, "455123", "sms", "63")


async def stored(house: House) -> str:
    async with house.parts.database.read() as session:
        return str([message.get("text") for message in await session.scalars(select(InboxRow.message))])


async def test_a_code_that_is_typed_to_a_person_is_hidden_and_other_numbers_are_not(house: House) -> None:
    contact = await house.contact()
    code = await code_for(house, contact)
    talk = await house.hand_over(contact)
    await house.citizen(text=f"me llegó este {code[:3]} {code[3:]} de mi contrato 720015")
    await house.wait_lines(talk, "me llegó este •••••• de mi contrato 720015")
    assert f"{code[:3]} {code[3:]}" not in await stored(house)


async def test_a_code_in_words_is_hidden_too(house: House) -> None:
    contact = await house.contact()
    code = await code_for(house, contact)
    in_words = " ".join(FIGURES[int(figure)] for figure in code)
    talk = await house.hand_over(contact)
    await house.citizen(text=f"dice {in_words}, ¿se lo doy a usted, o a los dos?")
    await house.wait_lines(talk, "dice ••••••, ¿se lo doy a usted, o a los dos?")
    assert in_words not in await stored(house)


async def test_a_code_that_is_over_is_only_a_number(house: House) -> None:
    contact = await house.contact()
    old, _ = await code_for(house, contact), await code_for(house, contact)
    talk = await house.hand_over(contact)
    await house.citizen(text=f"{old}")
    await house.wait_lines(talk, old)


async def test_a_code_that_maria_made_nothing_of_is_not_in_the_transcript(house: House) -> None:
    contact = await house.contact()
    code = await code_for(house, contact)
    await house.citizen(text=f"mi codigo {code}")
    await house.wait_sent(2)
    talk = await house.hand_over(contact)
    assert "Ciudadano: mi codigo ••••••" in (notes_of(talk)[1].content or "")
    assert code not in await stored(house)
