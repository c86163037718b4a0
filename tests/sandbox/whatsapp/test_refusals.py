"""Everything the real API refuses (reference/whatsapp.md, sections 4 to 7)."""

from typing import Any

import pytest

from tests.sandbox.whatsapp.conftest import MESSAGES, ROSA, Phone


def buttons(*replies: tuple[str, str], **more: Any) -> dict[str, Any]:
    action = {"buttons": [{"type": "reply", "reply": {"id": i, "title": t}} for i, t in replies]}
    return {
        "type": "interactive",
        "interactive": {"type": "button", "body": {"text": "¿Qué desea?"}, "action": action, **more},
    }


def rows(
    *items: dict[str, str], sections: int = 1, label: str = "Ver opciones", title: str = "Norte"
) -> dict[str, Any]:
    parts = [{"title": f"{title}{n or ''}", "rows": list(items)[n::sections]} for n in range(sections)]
    action = {"button": label, "sections": parts}
    return {
        "type": "interactive",
        "interactive": {"type": "list", "body": {"text": "Elija"}, "action": action},
    }


def row(number: int, **more: str) -> dict[str, str]:
    return {"id": f"/r{number}", "title": f"Fila {number}", **more}


def interactive(kind: str, action: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "interactive",
        "interactive": {"type": kind, "body": {"text": "Pague aquí"}, "action": action, **more},
    }


def link(**parameters: str) -> dict[str, Any]:
    filled = {"display_text": "Pagar", "url": "https://pago.example/x", **parameters}
    return interactive("cta_url", {"name": "cta_url", "parameters": filled})


REFUSED: dict[str, tuple[int, dict[str, Any]]] = {
    "unknown type": (131051, {"type": "telegram"}),
    "no text": (131008, {"type": "text"}),
    "text is a string": (100, {"type": "text", "text": "hola"}),
    "body is a number": (100, {"type": "text", "text": {"body": 7}}),
    "empty body": (100, {"type": "text", "text": {"body": " "}}),
    "body 4097": (100, {"type": "text", "text": {"body": "a" * 4097}}),
    "body 2049 emojis": (100, {"type": "text", "text": {"body": "💧" * 2049}}),
    "misspelt key": (100, {"type": "text", "text": {"body": "hola", "preview": True}}),
    "stray key": (100, {"type": "text", "text": {"body": "hola"}, "image": {}}),
    "recipient type": (100, {"type": "text", "text": {"body": "hola"}, "recipient_type": "grupo"}),
    "callback data 513": (
        131009,
        {"type": "text", "text": {"body": "a"}, "biz_opaque_callback_data": "x" * 513},
    ),
    "no recipient": (131008, {"to": None, "type": "text", "text": {"body": "hola"}}),
    "no phone number": (131009, {"to": "rosa", "type": "text", "text": {"body": "hola"}}),
    "not a BSUID": (
        131009,
        {"to": None, "recipient": "5214425550163", "type": "text", "text": {"body": "a"}},
    ),
    "to oneself": (131021, {"to": "525550001000", "type": "text", "text": {"body": "hola"}}),
    "link and id": (100, {"type": "image", "image": {"link": "https://x.example/a.jpg", "id": "1"}}),
    "neither link nor id": (100, {"type": "image", "image": {"caption": "x"}}),
    "unknown id": (131009, {"type": "document", "document": {"id": "999", "filename": "a.pdf"}}),
    "caption 1025": (100, {"type": "image", "image": {"link": "https://x.example/a", "caption": "a" * 1025}}),
    "audio with caption": (100, {"type": "audio", "audio": {"link": "https://x.example/a", "caption": "a"}}),
    "link without scheme": (100, {"type": "image", "image": {"link": "x.example/a.jpg"}}),
    "latitude 91": (131009, {"type": "location", "location": {"latitude": 91, "longitude": 0}}),
    "no longitude": (131008, {"type": "location", "location": {"latitude": 20}}),
    "contact without name": (131008, {"type": "contacts", "contacts": [{"phones": []}]}),
    "no contacts": (131009, {"type": "contacts", "contacts": []}),
    "reaction to nothing": (
        131009,
        {"type": "reaction", "reaction": {"message_id": "wamid.X", "emoji": "👍"}},
    ),
    "interactive kind": (100, interactive("menu", {})),
    "no buttons": (131009, buttons()),
    "fourth button": (131009, buttons(("a", "A"), ("b", "B"), ("c", "C"), ("d", "D"))),
    "title 21": (131009, buttons(("a", "Reportar una fuga hoy"))),
    "title with marks": (131009, buttons(("a", "*Pagar*"))),
    "same id": (131009, buttons(("a", "A"), ("a", "B"))),
    "same title": (131009, buttons(("a", "A"), ("b", "A"))),
    "id 257": (131009, buttons(("a" * 257, "A"))),
    "id with a space": (131009, buttons(("a ", "A"))),
    "footer 61": (131009, buttons(("a", "A"), footer={"text": "a" * 61})),
    "header 61": (131009, buttons(("a", "A"), header={"type": "text", "text": "a" * 61})),
    "header medium": (131009, buttons(("a", "A"), header={"type": "image", "image": {"id": "9"}})),
    "interactive body 1025": (131009, buttons(("a", "A"), body={"text": "a" * 1025})),
    "11 rows": (131009, rows(*(row(n) for n in range(11)))),
    "11 rows in two sections": (131009, rows(*(row(n) for n in range(11)), sections=2)),
    "row title 25": (131009, rows(row(1, title="a" * 25))),
    "description 73": (131009, rows(row(1, description="a" * 73))),
    "row id 201": (131009, rows(row(1, id="a" * 201))),
    "same row id": (131009, rows(row(1), row(1))),
    "list label 21": (131009, rows(row(1), label="a" * 21)),
    "section title 25": (131009, rows(row(1), title="a" * 25)),
    "link label 21": (131009, link(display_text="a" * 21)),
    "link address": (131009, link(url="pago.example")),
    "location with footer": (
        100,
        interactive("location_request_message", {"name": "send_location"}, footer={"text": "x"}),
    ),
    "flow label 21": (
        131009,
        interactive(
            "flow",
            {
                "name": "flow",
                "parameters": {"flow_message_version": "3", "flow_id": "1", "flow_cta": "a" * 21},
            },
        ),
    ),
    "flow without id": (
        131009,
        interactive("flow", {"name": "flow", "parameters": {"flow_message_version": "3", "flow_cta": "Abrir"}}),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_refused(phone: Phone, name: str) -> None:
    code, body = REFUSED[name]
    await phone.refused(code, **body)
    assert phone.service.chats.sent == []


async def test_a_section_needs_a_title_where_there_are_several(phone: Phone) -> None:
    body = rows(row(1), row(2), sections=2)
    del body["interactive"]["action"]["sections"][1]["title"]
    await phone.refused(131008, **body)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer other"}])
async def test_token(phone: Phone, headers: dict[str, str]) -> None:
    del phone.http.headers["Authorization"]
    answer = await phone.http.post(MESSAGES, json={}, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == 190


async def test_wrong_number_and_version_and_json(phone: Phone) -> None:
    other = await phone.http.post("/graph/v24.0/106540000000009/messages", json={})
    assert other.json()["error"]["code"] == 33
    old = await phone.http.post(MESSAGES.replace("v24.0", "v16.0"), json={})
    assert old.json()["error"]["code"] == 2635
    broken = await phone.http.post(MESSAGES, content=b"{")
    assert broken.json()["error"]["code"] == 100
    product = await phone.http.post(MESSAGES, json={"messaging_product": "sms", "to": ROSA})
    assert product.json()["error"]["code"] == 100


async def test_free_text_ends_24_hours_after_the_last_message(phone: Phone) -> None:
    await phone.http.post("/control/whatsapp/inbound", json={"from": ROSA, "text": "hola"})
    phone.world.clock.advance_seconds(23 * 3600)
    await phone.accepted(type="text", text={"body": "sigo aquí"})
    phone.world.clock.advance_seconds(2 * 3600)
    await phone.refused(131047, type="text", text={"body": "tarde"})
    await phone.http.post("/control/whatsapp/inbound", json={"from": ROSA, "text": "otra vez"})
    await phone.accepted(type="text", text={"body": "de nuevo"})


async def test_a_citizen_played_by_another_program_opens_the_window_by_being_read(phone: Phone) -> None:
    phone.world.clock.advance_seconds(25 * 3600)
    await phone.refused(131047, type="text", text={"body": "tarde"})
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.OUTSIDE"}
    assert (await phone.http.post(MESSAGES, json=mark)).json() == {"success": True}
    await phone.accepted(type="text", text={"body": "ya"})


async def test_somebody_who_is_not_on_whatsapp(phone: Phone) -> None:
    await phone.http.post("/control/whatsapp/absent", json={"to": "4425550163"})
    await phone.refused(131026, type="text", text={"body": "hola"})
    await phone.accepted(to="5214425550100", type="text", text={"body": "hola"})


async def test_window_can_be_closed_by_hand(phone: Phone) -> None:
    answer = await phone.http.post("/control/whatsapp/window", json={"to": ROSA, "hours_ago": 30})
    assert answer.json() == {"open": False}
    await phone.refused(131047, type="text", text={"body": "tarde"})


async def test_pair_rate(phone: Phone) -> None:
    for _ in range(45):
        await phone.accepted(type="text", text={"body": "a"})
    await phone.refused(131056, type="text", text={"body": "a"})
    await phone.accepted(to="5214425550100", type="text", text={"body": "a"})
    phone.world.clock.advance_seconds(6)
    await phone.accepted(type="text", text={"body": "a"})
    await phone.refused(131056, type="text", text={"body": "a"})


async def test_throughput(phone: Phone) -> None:
    phone.service.limits.per_second = 3
    for number in range(3):
        await phone.accepted(to=f"52144255501{number}0", type="text", text={"body": "a"})
    await phone.refused(130429, to="5214425550190", type="text", text={"body": "a"})
