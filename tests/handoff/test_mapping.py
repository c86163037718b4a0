"""AGORA's JSON: who wrote, for whom, and what is not for the citizen."""

from __future__ import annotations

from typing import Any

import pytest

from handoff.mapping import message, messages, place
from handoff.webhook import conversation_of, touched
from services.handoff.fetch import is_for_citizen

LAURA = {"id": 31, "name": "Laura Méndez", "available_name": "Laura", "type": "user"}
BOT = {"id": 41, "name": "María", "type": "agent_bot"}


def line(**more: Any) -> dict[str, Any]:
    base = {"id": 1, "content": "Hola", "message_type": 1, "private": False, "content_attributes": {}, "sender": LAURA}
    return {**base, **more}


@pytest.mark.parametrize(
    ("more", "goes"),
    [
        ({}, True),
        ({"private": True}, False),
        ({"private": None}, False),
        ({"message_type": 0, "sender": {"id": 1, "type": "contact"}}, False),
        ({"message_type": 2, "sender": None}, False),
        ({"message_type": 3, "sender": None}, False),
        ({"sender": BOT}, False),
        ({"source_id": "maria:abc:o7"}, False),
        ({"content_type": "input_csat"}, False),
        ({"content_attributes": {"deleted": True}}, False),
        ({"sender": None, "content_attributes": {"automation_rule_id": 4}}, True),
        ({"content_attributes": None, "attachments": None}, True),
    ],
)
def test_only_what_a_person_says_in_public_goes_out(more: dict[str, Any], goes: bool) -> None:
    found = message(line(**more))
    assert found
    assert is_for_citizen(found) is goes


def test_files_templates_and_options() -> None:
    url = "https://agora.example/rails/blobs/x/aclaraci%C3%B3n.pdf"
    found = message(line(content=None, attachments=[{"data_url": url, "content_type": "application/pdf"}, {}, None]))
    assert found
    assert [(f.name, f.mime) for f in found.files] == [("aclaración.pdf", "application/pdf")]
    params = {"name": "aviso", "language": "es_MX", "processed_params": {"body": {"2": "b", "1": "a", "10": "c"}}}
    used = message(line(additional_attributes={"template_params": params}))
    assert used
    assert used.template
    assert used.template.parameters == ("a", "b", "c")
    items = {"items": [{"title": "Sí"}, {"title": "No"}, {"title": "Sí"}, {}]}
    asked = message(line(content_type="input_select", content_attributes=items))
    assert asked
    assert asked.options == ("Sí", "No")


@pytest.mark.parametrize("body", [None, [], "x", {}, {"payload": None}, {"payload": [None, 3, {"id": "x"}]}])
def test_nonsense_is_nothing(body: Any) -> None:
    assert messages(body) == []
    assert place(body) is None


def test_messages_come_in_order_and_people_by_their_name() -> None:
    found = messages({"payload": [line(id=3), line(id=2, sender={"id": 9, "name": "Jorge"})]})
    assert [(m.id, m.name) for m in found] == [(2, "Jorge"), (3, "Laura")]
    body = {"id": 5012, "status": "open", "uuid": "u", "meta": {"assignee": {"id": 31, "name": "Laura Méndez"}}}
    found_place = place(body)
    assert found_place
    assert (found_place.id, found_place.agent) == (5012, "Laura Méndez")


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ({"event": "message_created", "id": 9, "inbox": {"id": 14}, "conversation": {"id": 5012}}, 5012),
        ({"event": "conversation_updated", "id": 5012, "inbox_id": 14}, 5012),
        ({"event": "message_created", "account": {"id": 3}, "inbox": {"id": 14}, "conversation": {"id": 5012}}, None),
        ({"event": "message_created", "inbox": {"id": 15}, "conversation": {"id": 5012}}, None),
        ({"event": "conversation_updated", "id": True, "inbox_id": 14}, None),
        ({"event": "conversation_updated", "id": "5012", "inbox_id": 14}, None),
        ({}, None),
    ],
)
def test_whose_bell_rings(body: dict[str, Any], number: int | None) -> None:
    assert conversation_of(body, 2, 14) == number


def test_what_an_agent_did_to_a_message_is_noticed_and_what_others_did_is_not() -> None:
    body = {"event": "message_updated", "id": 7, "message_type": "outgoing", "private": False, "content": "hola"}
    found = touched({**body, "content_attributes": {}})
    assert found
    assert (found.id, found.failed, found.deleted) == (7, False, False)
    failed = touched({**body, "content_attributes": {"external_error": "x"}})
    assert failed and failed.failed
    deleted = touched({**body, "content_attributes": {"deleted": True}})
    assert deleted and deleted.deleted
    assert touched({**body, "private": True}) is None
    assert touched({**body, "event": "message_created"}) is None
    assert touched({**body, "message_type": "incoming"}) is None
