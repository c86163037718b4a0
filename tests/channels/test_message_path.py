"""From the webhook to the citizen's phone, through a fake Rasa and the WhatsApp stand-in."""

import asyncio
import base64
import io
from datetime import timedelta

import pytest
from PIL import Image

from channels.turns import runner
from sandbox.faults import Fault
from sandbox.whatsapp import inbound as meta
from services.messaging.outbound import Text
from services.messaging.outbox import NOTICE, Draft
from tests.channels.conftest import ROSA, Town, body_of, until

LUIS = meta.Sender(wa_id="5214425550177")


def envelope(text: str, sender: meta.Sender = ROSA, **more: str) -> dict:
    return meta.envelope(meta.message(sender, meta.text(text), **more), sender=sender)


async def test_a_burst_is_answered_as_one(any_town: Town) -> None:
    for words in ("hola", "buenas", "una pregunta", "cuanto debo"):
        await any_town.citizen(text=words)
        await asyncio.sleep(0.05)
    sent = await any_town.wait(1)
    assert [body_of(m) for m in sent] == ["eco: hola\nbuenas\nuna pregunta\ncuanto debo"]
    assert sent[0]["to"] == "+5214425550163"
    [turn] = any_town.rasa.turns
    metadata = turn["metadata"]
    assert (metadata["first_contact"], metadata["register"], metadata["phone"]) == (True, "usted", "4425550163")
    assert turn["id"] == metadata["turn_id"]


async def test_a_repeated_webhook_is_answered_once(any_town: Town) -> None:
    await any_town.citizen(text="antes")
    await any_town.wait(1)
    body = envelope("¿cuánto debo del 455123?")
    assert set(await asyncio.gather(*(any_town.post(body) for _ in range(8)))) == {200}
    sent = await any_town.wait(2)
    assert [body_of(m) for m in sent] == ["eco: antes", "eco: ¿cuánto debo del 455123?"]


async def test_messages_keep_their_order(town: Town) -> None:
    await town.citizen(text="mi contrato es el 455123 de casa")
    await town.citizen(location={"latitude": 20.5, "longitude": -100.3})
    await town.citizen(text="y ahí está la fuga de agua")
    turns = await town.wait_turns(3)
    assert [turn["intent"] or turn["text"] for turn in turns] == [
        "mi contrato es el 455123 de casa",
        "share_location",
        "y ahí está la fuga de agua",
    ]
    assert [turn["metadata"]["first_contact"] for turn in turns] == [True, False, False]
    assert len(await town.wait(3)) == 3


async def test_what_maria_comes_back_to_is_a_turn_of_its_own(any_town: Town) -> None:
    later = {"custom": {"kind": "later", "event": "service_state_known", "entities": {"about": "455123"}}}
    any_town.rasa.script["cuánto debo del 455123"] = [{"text": "debe 486"}, later]
    any_town.rasa.script["service_state_known"] = [{"text": "el agua está cortada"}]
    await any_town.citizen(text="cuánto debo del 455123")
    sent = await any_town.wait(2)
    assert [body_of(m) for m in sent] == ["debe 486", "el agua está cortada"]
    first, second = any_town.rasa.turns
    assert (second["intent"], second["entities"], second["text"]) == ("service_state_known", {"about": "455123"}, None)
    assert second["metadata"]["kind"] == "event"
    assert second["id"] != first["id"]


async def test_a_button_tapped_typed_and_pointed_at(town: Town) -> None:
    long = '/payment_reference{"note": "' + "x" * 300 + '"}'
    offer = [{"title": "Pagar", "payload": long}, {"title": "Ver recibo", "payload": "/bill_request"}]
    town.rasa.script["qué puedo hacer aquí hoy"] = [{"text": "Elija", "buttons": offer}]
    town.rasa.script["bill_request"] = [{"text": "Elija", "buttons": offer}]
    await town.citizen(text="qué puedo hacer aquí hoy")
    [sent] = await town.wait(1)
    tapped = sent["interactive"]["action"]["buttons"][0]["reply"]
    await town.citizen(text="la segunda")
    await town.wait(2)
    await town.citizen(text="ver resibo")
    await town.wait(3)
    await town.citizen(button=tapped)
    turns = await town.wait_turns(4)
    assert [turn["intent"] for turn in turns] == [None, "bill_request", "bill_request", "payment_reference"]
    assert turns[3]["entities"] == {"note": "x" * 300}


async def test_a_typed_command_is_plain_text(town: Town) -> None:
    await town.citizen(text="/restart")
    [turn] = await town.wait_turns(1)
    assert (turn["text"], turn["intent"]) == ("restart", None)


async def test_an_old_button_of_a_flow_that_is_gone(town: Town) -> None:
    town.rasa.unknown_intents = {"gone"}
    await town.citizen(button={"id": "/gone", "title": "Pagar ya"})
    [turn] = await town.wait_turns(1)
    assert (turn["text"], turn["intent"]) == ("Pagar ya", None)


async def test_a_photo_is_brought_home(town: Town) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (20, 20)).save(picture, "JPEG")
    content = base64.b64encode(picture.getvalue()).decode()
    await town.citizen(image={"content": content, "mime_type": "image/jpeg", "caption": "mi recibo"})
    [turn] = await town.wait_turns(1)
    assert (turn["intent"], turn["entities"]["caption"]) == ("share_image", "mi recibo")
    medium = await town.parts.media.get(turn["entities"]["media"])
    assert (medium.mime, medium.content) == ("image/jpeg", picture.getvalue())


async def test_a_photo_that_cannot_be_had(town: Town) -> None:
    await town.post(meta.envelope(meta.message(ROSA, meta.image("404")), sender=ROSA))
    [turn] = await town.wait_turns(1)
    assert turn["entities"] == {"media_error": "unavailable"}


async def test_a_thumb_is_a_yes_only_on_the_last_message(town: Town) -> None:
    town.rasa.script["quiero cambiar mi correo hoy"] = [{"text": "¿Seguro?"}]
    await town.citizen(text="quiero cambiar mi correo hoy")
    await town.wait(1)
    lines = (await town.sandbox.get("/control/whatsapp/thread", params={"person": ROSA.wa_id})).json()["lines"]
    wamid = next(line["id"] for line in lines if line["direction"] == "out")
    await town.citizen(reaction={"message_id": wamid, "emoji": "😂"})
    await town.citizen(reaction={"message_id": wamid, "emoji": "👍"})
    turns = await town.wait_turns(2)
    assert [turn["intent"] for turn in turns] == [None, "affirm"]


async def test_files_and_what_follows_keep_their_order(town: Town) -> None:
    media = await town.parts.media.put(b"%PDF-1.4 recibo", "application/pdf", "recibo.pdf")
    town.rasa.script["mándeme mi recibo por favor"] = [
        {"attachment": media, "text": "Su recibo"},
        {"text": "¿Algo más?"},
    ]
    await town.citizen(text="mándeme mi recibo por favor")
    sent = await town.wait(2)
    assert [m["type"] for m in sent] == ["document", "text"]
    assert sent[0]["document"]["filename"] == "recibo.pdf"
    assert await town.parts.media.upload_of(media, "whatsapp") == sent[0]["document"]["id"]


async def test_marked_read_and_typing(town: Town) -> None:
    wamid = await town.citizen(text="¿cuánto debo de mi recibo?")
    await town.wait(1)
    marks = (await town.sandbox.get("/control/whatsapp/marks")).json()
    assert marks[0]["message_id"] == wamid
    assert marks[0]["typing_indicator"] == {"type": "text"}


async def test_rasa_down_loses_nothing_and_doubles_nothing(town: Town) -> None:
    town.rasa.status = 503
    await town.citizen(text="¿cuánto debo de mi recibo?")
    await asyncio.sleep(1.0)
    assert await town.sent() == []
    town.rasa.status = 200
    assert [body_of(m) for m in await town.wait(1)] == ["eco: ¿cuánto debo de mi recibo?"]


async def test_a_turn_that_met_a_rasa_that_was_long_down_is_not_given_up(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "LONGEST_BACK_OFF", 0)
    town.rasa.failing = [503] * (runner.GIVE_UP_AFTER + 4) + [500]
    await town.citizen(text="cuanto debo del 455123")
    (turn,) = await town.wait_turns(1)
    assert turn["text"] == "cuanto debo del 455123"


async def test_a_turn_that_rasa_cannot_stand_is_given_up_and_the_next_one_answered(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "LONGEST_BACK_OFF", 0)
    town.rasa.failing = [500] * runner.GIVE_UP_AFTER
    await town.citizen(text="cuanto debo del 455123")

    async def failing() -> list[int]:
        return town.rasa.failing

    await until(failing, lambda left: not left, 8)
    await town.citizen(text="y del 720015 cuanto debo")
    (turn,) = await town.wait_turns(1)
    assert turn["text"] == "y del 720015 cuanto debo"


async def test_one_word_in_between_when_it_takes_long(town: Town) -> None:
    town.rasa.seconds = 4.6
    await town.citizen(text="¿cuánto debo de mi recibo?")
    sent = await town.wait(2)
    assert [body_of(m) for m in sent][1:] == ["eco: ¿cuánto debo de mi recibo?"]
    assert len(sent) == 2


async def test_a_dropped_answer_does_not_double_the_message(town: Town) -> None:
    town.world.faults.active = [
        Fault(system="graph", kind="error", operation="messages", remaining=1, status=503, code=2)
    ]
    town.rasa.script["¿cuánto debo de mi recibo?"] = [{"text": "uno"}, {"text": "dos"}]
    await town.citizen(text="¿cuánto debo de mi recibo?")
    sent = await town.wait(2, seconds=20)
    assert [body_of(m) for m in sent] == ["uno", "dos"]


async def test_outside_the_window_free_text_expires(town: Town) -> None:
    await town.citizen(text="hola, quiero saber cuánto debo")
    await town.wait(1)
    contact = town.rasa.turns[0]["contact"]
    town.parts.clock.offset += timedelta(hours=25)
    await town.parts.outbox.enqueue(contact, "whatsapp", [Draft("late", Text(body="tarde"), NOTICE)])

    async def status() -> str:
        from sqlalchemy import select

        from services.messaging.tables import OutboxRow

        async with town.parts.database.read() as session:
            return str(await session.scalar(select(OutboxRow.status).where(OutboxRow.key == "late")))

    assert await until(status, lambda found: found != "pending" and found != "sending", 5) == "expired"
    assert len(await town.sent()) == 1


async def test_many_citizens_at_once(any_town: Town) -> None:
    people = [meta.Sender(wa_id=f"52144255504{n:02}") for n in range(25)]
    bodies = [envelope(f"mensaje {n} de {person.wa_id}", person) for n in range(2) for person in people]
    assert set(await asyncio.gather(*(any_town.post(body) for body in bodies))) == {200}

    async def answered() -> int:
        return sum(len(turn["text"].split("\n")) for turn in any_town.rasa.turns)

    await until(answered, lambda found: found == 50, 15)
    assert len({turn["contact"] for turn in any_town.rasa.turns}) == 25
