"""Every kind of message, every tolerance (whatsapp.md sections 1.4, 2, 3 and 9)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.whatsapp.parser import Parsed, parse
from sandbox.whatsapp import inbound as meta
from sandbox.whatsapp.ids import PHONE_NUMBER_ID
from services.messaging.inbound import AliasChange, Inbound, Kind

ROSA = meta.Sender(wa_id="5214425550163", user_id="MX.rosa", name="Rosa")
NOW = datetime(2026, 12, 7, tzinfo=UTC)


def read(body: Any) -> Parsed:
    return parse(body, PHONE_NUMBER_ID, NOW)


def one(content: dict[str, Any], **more: Any) -> Inbound:
    [message] = read(meta.envelope(meta.message(ROSA, content, **more), sender=ROSA)).messages
    return message


KINDS: list[tuple[dict[str, Any], Kind, dict[str, Any]]] = [
    (meta.text("¿Cuánto debo? 💧"), Kind.TEXT, {"text": "¿Cuánto debo? 💧"}),
    ({"type": "text", "text": {}}, Kind.IGNORED, {"text": None}),
    ({"text": {"body": "sin tipo"}}, Kind.TEXT, {"text": "sin tipo"}),
    (meta.image("1001", "recibo"), Kind.IMAGE, {"text": "recibo", "media.provider_id": "1001"}),
    (meta.media("video", "1002", "video/mp4"), Kind.VIDEO, {"media.mime": "video/mp4"}),
    (meta.document("1003", "INE.pdf", caption="mi INE"), Kind.DOCUMENT, {"media.filename": "INE.pdf"}),
    (meta.media("audio", "1004", "audio/mpeg", voice=False), Kind.AUDIO, {"media.voice": False}),
    (meta.voice("1005"), Kind.AUDIO, {"media.voice": True}),
    ({"type": "voice", "voice": {"id": "1006"}}, Kind.AUDIO, {"media.voice": True}),
    (meta.sticker("1007"), Kind.STICKER, {"media.provider_id": "1007"}),
    ({"type": "image", "image": {}}, Kind.UNSUPPORTED, {}),
    (meta.location(20.59, -100.39, "Oficina"), Kind.LOCATION, {"latitude": 20.59, "place_name": "Oficina"}),
    ({"location": {"latitude": "20.5", "longitude": "-100"}}, Kind.LOCATION, {"longitude": -100.0}),
    (meta.location(200, 0), Kind.UNSUPPORTED, {}),
    (meta.contact_card("Luis P.", "+52 1 442 555 0177"), Kind.CONTACTS, {"shared_phone": "5214425550177"}),
    (meta.contact_card("Yo", "4425550163", requested=True), Kind.CONTACTS, {"detail": {"origin": "contact_request"}}),
    ({"type": "contacts", "contacts": [{}]}, Kind.CONTACTS, {"shared_phone": None}),
    (meta.button_reply('/pay{"all":true}', "Pagar"), Kind.TAP, {"tap_id": '/pay{"all":true}', "text": "Pagar"}),
    (meta.list_reply("/office", "Centro", "9 a 15"), Kind.TAP, {"tap_id": "/office", "text": "Centro"}),
    (meta.quick_reply("Confirmar", "/affirm"), Kind.TAP, {"tap_id": "/affirm", "text": "Confirmar"}),
    (meta.quick_reply("Confirmar"), Kind.TEXT, {"text": "Confirmar"}),
    (
        meta.flow_reply({"flow_token": "t", "nombre": "Ana"}),
        Kind.FORM,
        {"detail": {"flow_token": "t", "nombre": "Ana"}},
    ),
    (meta.flow_reply("{broken"), Kind.FORM, {"detail": {}}),
    (meta.flow_reply("[1]"), Kind.FORM, {"detail": {}}),
    (meta.flow_reply("null"), Kind.FORM, {"detail": {}}),
    (meta.reaction("wamid.out", "👍"), Kind.REACTION, {"emoji": "👍", "reply_to": "wamid.out"}),
    (meta.reaction("wamid.out"), Kind.REACTION, {"emoji": None}),
    (meta.order([], "para hoy"), Kind.TEXT, {"text": "para hoy"}),
    (meta.order([]), Kind.UNSUPPORTED, {}),
    (meta.identity_changed("h"), Kind.SYSTEM, {}),
    (meta.unsupported("poll"), Kind.UNSUPPORTED, {"detail": {"type": "poll"}}),
    ({"type": "unknown"}, Kind.UNSUPPORTED, {}),
    ({"type": "hologram"}, Kind.UNSUPPORTED, {"detail": {"type": "hologram"}}),
    ({}, Kind.UNSUPPORTED, {}),
    (meta.edit("wamid.in", "nuevo"), Kind.IGNORED, {}),
    (meta.revoke("wamid.in"), Kind.IGNORED, {}),
    (meta.request_welcome(), Kind.IGNORED, {}),
    ({**meta.text("en grupo"), "group_id": "g1"}, Kind.IGNORED, {"text": None}),
    ({"type": "interactive", "interactive": {"type": "call_permission_reply"}}, Kind.IGNORED, {}),
    ({"type": "interactive", "interactive": {}}, Kind.UNSUPPORTED, {}),
]


@pytest.mark.parametrize(("content", "kind", "fields"), KINDS)
def test_kinds(content: dict[str, Any], kind: Kind, fields: dict[str, Any]) -> None:
    message = one(content)
    assert message.kind is kind
    assert (message.sender.phone, message.sender.bsuid) == ("5214425550163", "MX.rosa")
    for path, value in fields.items():
        found: Any = message
        for name in path.split("."):
            found = getattr(found, name)
        assert found == value


def test_a_quoted_message_is_named() -> None:
    assert one(meta.text("sí"), reply_to="wamid.out").reply_to == "wamid.out"


@pytest.mark.parametrize("hidden", ["absent", "empty", "bsuid"])
def test_a_hidden_phone(hidden: Any) -> None:
    sender = meta.Sender(user_id="MX.oculta", hidden=hidden, username="@oculta")
    [message] = read(meta.envelope(meta.message(sender, meta.text("hola")), sender=sender)).messages
    assert (message.sender.phone, message.sender.bsuid) == (None, "MX.oculta")


def test_the_from_field_wins_over_contacts() -> None:
    other = meta.Sender(wa_id="5214420000000")
    [message] = read(meta.envelope(meta.message(ROSA, meta.text("hola")), sender=other)).messages
    assert message.sender.phone == "5214425550163"


def test_everything_in_a_batch_is_read() -> None:
    luis = meta.Sender(wa_id="5214425550177")
    many = [meta.message(ROSA, meta.text(str(n))) for n in range(3)]
    status = {"id": "wamid.out", "status": "read", "timestamp": 1780000000}
    body = meta.batch(
        meta.envelope(*many, sender=ROSA, statuses=[status]),
        meta.envelope(meta.message(luis, meta.text("otro")), sender=luis),
    )
    body["entry"][0]["changes"] += body["entry"][1]["changes"]
    parsed = read(body)
    assert [m.text for m in parsed.messages] == ["0", "1", "2", "otro", "otro"]
    assert [s.state for s in parsed.statuses] == ["read"]


def test_another_number_is_left_alone() -> None:
    body = meta.envelope(meta.message(ROSA, meta.text("hola")), sender=ROSA, phone_number_id="999")
    parsed = read(body)
    assert (parsed.messages, parsed.foreign) == ([], 1)


def test_what_is_not_available_yet_is_not_seen() -> None:
    assert read(meta.envelope(meta.message(ROSA, meta.unsupported(code=131060)), sender=ROSA)).messages == []


def test_other_fields_are_left_alone() -> None:
    body = meta.envelope(meta.message(ROSA, meta.text("eco")), sender=ROSA)
    body["entry"][0]["changes"][0]["field"] = "smb_message_echoes"
    assert read(body) == Parsed()


def test_a_new_number_and_a_new_bsuid() -> None:
    changed = meta.message(ROSA, meta.number_changed("5214425550999"), id="wamid.s")
    parsed = read(meta.envelope(changed))
    change = AliasChange(kind="phone", old="5214425550163", new="5214425550999", provider_id="wamid.s")
    assert parsed.changes == [change]
    assert [m.sender.phone for m in parsed.messages] == ["5214425550999"]
    parsed = read(meta.envelope(meta.message(meta.Sender(), meta.user_id_changed("MX.b", "MX.a"), id="wamid.t")))
    assert parsed.changes == [AliasChange(kind="bsuid", old="MX.a", new="MX.b", provider_id="wamid.t")]


def test_user_id_update_field() -> None:
    value = {"wa_id": "5214425550163", "user_id": {"previous": "MX.a", "current": "MX.b"}}
    body = {"entry": [{"changes": [{"field": "user_id_update", "value": value}]}]}
    assert read(body).changes == [AliasChange(kind="bsuid", old="MX.a", new="MX.b")]


@pytest.mark.parametrize(
    ("code", "again"), [(131026, False), (130429, True), (131056, True), (131047, False), (131000, True)]
)
def test_a_failed_status_says_whether_to_try_again(code: int, again: bool) -> None:
    status = {
        "id": "w",
        "status": "failed",
        "timestamp": "x",
        "errors": [{"code": code}],
        "biz_opaque_callback_data": "7",
    }
    [update] = read(meta.envelope(statuses=[status])).statuses
    assert (update.error, update.again, update.callback, update.at) == (str(code), again, "7", NOW)


@pytest.mark.parametrize("stamp", ["1780000000", 1780000000, "1780000000000", 1780000000000])
def test_timestamps(stamp: Any) -> None:
    message = {**meta.message(ROSA, meta.text("hola")), "timestamp": stamp}
    [read_message] = read(meta.envelope(message, sender=ROSA)).messages
    assert read_message.sent_at == datetime.fromtimestamp(1780000000, UTC)


def test_what_no_database_can_hold_is_mended() -> None:
    raw = json.loads('"a\\u0000b \\ud83d c"')
    text = one(meta.text(raw)).text
    assert text is not None
    assert "\x00" not in text
    text.encode()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
FIELDS = ("type", "text", "image", "location", "interactive", "button", "contacts", "reaction", "system", "errors",
          "context", "from", "from_user_id", "id", "timestamp", "group_id", "unsupported", "order", "voice")  # fmt: skip


@given(st.dictionaries(st.sampled_from(FIELDS), anything), st.sampled_from([*KINDS]), anything)
def test_no_shape_breaks_it(broken: dict[str, Any], known: tuple[dict[str, Any], Kind, Any], contacts: Any) -> None:
    body = meta.envelope({**meta.message(ROSA, known[0]), **broken}, sender=ROSA, statuses=[broken])
    body["entry"][0]["changes"][0]["value"]["contacts"] = contacts
    for message in read(body).messages:
        message.model_dump_json().encode()


@given(anything)
def test_no_body_breaks_it(body: Any) -> None:
    read(body)
    read({"entry": body})
    read({"entry": [{"changes": [{"field": "messages", "value": body}]}]})
