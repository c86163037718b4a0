from typing import Any

import pytest

from tests.sandbox.whatsapp.conftest import MESSAGES, ROSA, Phone
from tests.sandbox.whatsapp.test_refusals import buttons, interactive, link, row, rows

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40

ACCEPTED: dict[str, dict[str, Any]] = {
    "text": {"type": "text", "text": {"body": "a" * 4096, "preview_url": False}},
    "type left out": {"text": {"body": "hola"}},
    "reply": {"type": "text", "text": {"body": "a"}, "context": {"message_id": "wamid.IN"}},
    "location": {"type": "location", "location": {"latitude": 20.5, "longitude": -100.4, "name": "Oficina"}},
    "contacts": {
        "type": "contacts",
        "contacts": [
            {"name": {"formatted_name": "Mesa", "first_name": "Mesa"}, "phones": [{"phone": "+524425550000"}]}
        ],
    },
    "buttons": buttons(("/a", "Ver cuánto debo"), ("/b", "B" * 20), ("/c", "Otra cosa"), footer={"text": "a"}),
    "list": rows(*(row(n, description="d" * 72) for n in range(10)), sections=2),
    "link": link(),
    "location request": interactive("location_request_message", {"name": "send_location"}),
    "flow": interactive(
        "flow",
        {
            "name": "flow",
            "parameters": {
                "flow_message_version": "3",
                "flow_id": "1",
                "flow_cta": "Abrir",
                "flow_action": "navigate",
                "flow_action_payload": {"screen": "INICIO", "data": {"a": 1}},
            },
        },
    ),
}


@pytest.mark.parametrize("name", ACCEPTED)
async def test_accepted_bodies_are_kept_as_received(phone: Phone, name: str) -> None:
    await phone.accepted(**ACCEPTED[name])
    sent = (await phone.http.get("/control/whatsapp/sent", params={"to": "4425550163"})).json()
    common = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": ROSA}
    assert sent == [{**common, **ACCEPTED[name]}]


@pytest.mark.parametrize("to", ["524425550163", "+52 1 442 555 0163", "5214425550163", "4425550163"])
async def test_all_spellings_of_a_mexican_number_reach_the_same_phone(phone: Phone, to: str) -> None:
    answer = await phone.send(to=to, type="text", text={"body": "a"})
    assert answer.json()["contacts"] == [{"input": to, "wa_id": ROSA}]
    assert len((await phone.http.get("/control/whatsapp/sent", params={"to": ROSA})).json()) == 1


async def test_a_person_without_a_number_is_reached_by_bsuid(phone: Phone) -> None:
    await phone.accepted(to=None, recipient="MX.8f3Kq7LmZt20", type="text", text={"body": "a"})
    sent = (await phone.http.get("/control/whatsapp/sent", params={"to": "MX.8f3Kq7LmZt20"})).json()
    assert len(sent) == 1
    statuses = await phone.maria.wait_for(1, "statuses")
    assert statuses[0]["recipient_user_id"] == "MX.8f3Kq7LmZt20"
    assert "recipient_id" not in statuses[0]


async def test_reaction_to_a_message_of_the_citizen(phone: Phone) -> None:
    inbound = await phone.http.post("/control/whatsapp/inbound", json={"from": ROSA, "text": "gracias"})
    target = inbound.json()["id"]
    await phone.accepted(type="reaction", reaction={"message_id": target, "emoji": "👍"})
    await phone.accepted(type="reaction", reaction={"message_id": target, "emoji": ""})


async def test_marks_are_not_messages(phone: Phone) -> None:
    inbound = await phone.http.post("/control/whatsapp/inbound", json={"from": ROSA, "text": "hola"})
    mark = {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": inbound.json()["id"],
        "typing_indicator": {"type": "text"},
    }
    assert (await phone.http.post(MESSAGES, json=mark)).json() == {"success": True}
    assert (await phone.http.get("/control/whatsapp/sent")).json() == []
    assert (await phone.http.get("/control/whatsapp/marks", params={"to": ROSA})).json() == [mark]
    thread = (await phone.http.get("/control/whatsapp/thread", params={"person": ROSA})).json()
    assert thread["lines"][0]["status"] == "read"


async def test_media_from_upload_to_delete(phone: Phone) -> None:
    media_id = (await phone.upload(PNG, "image/png")).json()["id"]
    await phone.accepted(type="image", image={"id": media_id, "caption": "consumo"})
    await phone.refused(131053, type="document", document={"id": media_id, "filename": "a.pdf"})
    facts = (await phone.http.get(f"/graph/v24.0/{media_id}")).json()
    assert facts["mime_type"] == "image/png"
    assert facts["file_size"] == len(PNG)
    assert (await phone.http.get(facts["url"])).content == PNG
    assert (await phone.http.get(facts["url"], headers={"Authorization": "Bearer other"})).status_code == 401
    phone.world.clock.advance_seconds(301)
    assert (await phone.http.get(facts["url"])).status_code == 404
    assert (await phone.http.get(f"/control/whatsapp/media/{media_id}")).content == PNG
    assert (await phone.http.delete(f"/graph/v24.0/{media_id}")).json() == {"success": True}
    assert (await phone.http.get(f"/graph/v24.0/{media_id}")).json()["error"]["code"] == 100


@pytest.mark.parametrize(
    ("content", "mime", "code"),
    [
        (b"GIF89a", "image/gif", 100),
        (b"Opus", "audio/opus", 100),
        (b"", "text/plain", 131053),
        (b"not a pdf", "application/pdf", 131053),
        (b"\x89PNG\r\n\x1a\n" + b"0" * (5 << 20), "image/png", 131053),
    ],
)
async def test_media_that_is_refused(phone: Phone, content: bytes, mime: str, code: int) -> None:
    assert (await phone.upload(content, mime)).json()["error"]["code"] == code


async def test_uploads_last_30_days(phone: Phone) -> None:
    media_id = (await phone.upload(b"OggS....", "audio/ogg; codecs=opus")).json()["id"]
    await phone.accepted(type="audio", audio={"id": media_id, "voice": True})
    phone.world.clock.advance_seconds(31 * 86_400)
    await phone.refused(131009, type="audio", audio={"id": media_id})


async def test_facts_about_the_number(phone: Phone) -> None:
    facts = (await phone.http.get("/graph/v24.0/106540000000001")).json()
    assert facts["display_phone_number"] == "525550001000"


async def test_reset_forgets_everything(phone: Phone) -> None:
    await phone.accepted(type="text", text={"body": "a"})
    phone.world.reset()
    assert (await phone.http.get("/control/whatsapp/sent")).json() == []
