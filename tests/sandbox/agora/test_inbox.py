"""The inbox: who may call what, contacts, conversations, messages and the handoff."""

from __future__ import annotations

import httpx
import pytest

from sandbox.faults import Fault
from sandbox.world import World
from tests.sandbox.agora.conftest import ANA, BOT, USER, contact, conversation


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, {"errors": ["You need to sign in or sign up before continuing."]}),
        (
            {"Authorization": "Bearer sandbox-agora-user"},
            {"errors": ["You need to sign in or sign up before continuing."]},
        ),
        ({"Api-Access-Token": "wrong"}, {"error": "Invalid Access Token"}),
        (BOT, {"error": "Access to this endpoint is not authorized for bots"}),
    ],
)
async def test_tokens_are_told_apart(api: httpx.AsyncClient, headers, body) -> None:
    answer = await api.post("contacts", json=ANA, headers=headers)
    assert (answer.status_code, answer.json()) == (401, body)


async def test_another_account_is_refused(api: httpx.AsyncClient) -> None:
    answer = await api.post("http://sandbox/agora/api/v1/accounts/1/contacts", json=ANA, headers=USER)
    assert answer.json() == {"error": "You are not authorized to access this account"}


async def test_a_contact_is_found_in_every_way(api: httpx.AsyncClient) -> None:
    made = await contact(api)
    assert made["contact_inboxes"][0]["source_id"] == "c_7f3a"
    found = await api.get("contacts/search", params={"q": "4420000001"}, headers=USER)
    assert [c["id"] for c in found.json()["payload"]] == [made["id"]]
    rule = {"attribute_key": "phone_number", "filter_operator": "equal_to", "values": ["+524420000001"]}
    found = await api.post("contacts/filter", json={"payload": [rule]}, headers=USER)
    assert found.json()["meta"]["count"] == 1
    known = {"inbox_id": 14, "source_id": "c_7f3a"}
    assert (await api.post("contact_inboxes/filter", json=known, headers=USER)).json()["id"] == made["id"]
    unknown = await api.post("contact_inboxes/filter", json={**known, "source_id": "x"}, headers=USER)
    assert (unknown.status_code, unknown.content) == (404, b"")


async def test_contacts_are_unique_and_their_attributes_merge(api: httpx.AsyncClient) -> None:
    made = await contact(api, custom_attributes={"a": "1"})
    double = await api.post("contacts", json={"name": "Otra", "phone_number": ANA["phone_number"]}, headers=USER)
    assert double.status_code == 422
    assert double.json() == {"message": "Phone number has already been taken", "attributes": ["phone_number"]}
    assert (await api.post("contacts", json={"phone_number": "442"}, headers=USER)).status_code == 422
    await api.put(f"contacts/{made['id']}", json={"custom_attributes": {"b": "2"}}, headers=USER)
    seen = (await api.get(f"contacts/{made['id']}", headers=USER)).json()["payload"]
    assert seen["custom_attributes"] == {"a": "1", "b": "2"}


async def test_a_source_id_belongs_to_one_contact(api: httpx.AsyncClient) -> None:
    await contact(api)
    other = (await api.post("contacts", json={"name": "Otra"}, headers=USER)).json()["payload"]["contact"]
    body = {"inbox_id": 14, "contact_id": other["id"], "source_id": "c_7f3a"}
    answer = await api.post("conversations", json=body, headers=BOT)
    assert (answer.status_code, answer.json()) == (422, {"error": "source_id should be unique"})


async def test_the_bot_hands_over_and_success_is_null(api: httpx.AsyncClient) -> None:
    display = await conversation(api)
    answer = await api.post(f"conversations/{display}/toggle_status", json={"status": "open"}, headers=BOT)
    assert answer.json()["payload"]["success"] is None
    assert answer.json()["payload"]["current_status"] == "open"
    again = await api.post(f"conversations/{display}/toggle_status", json={"status": "open"}, headers=BOT)
    assert again.json()["payload"]["success"] is True
    wrong = await api.post(f"conversations/{display}/toggle_status", json={"status": "lost"}, headers=BOT)
    assert wrong.status_code == 500


async def test_opening_with_the_agents_token_assigns_the_agent(api: httpx.AsyncClient) -> None:
    display = await conversation(api)
    await api.post(f"conversations/{display}/toggle_status", json={"status": "open"}, headers=USER)
    seen = (await api.get(f"conversations/{display}", headers=BOT)).json()
    assert seen["meta"]["assignee"]["name"] == "Integración María"


async def test_messages_notes_and_attachments(api: httpx.AsyncClient) -> None:
    url = f"conversations/{await conversation(api)}/messages"
    came = {"content": "Hola {{x}}", "message_type": "incoming", "source_id": "w1"}
    first = (await api.post(url, json=came, headers=BOT)).json()
    assert (first["message_type"], first["content"], first["sender"]["type"]) == (0, "Hola {{x}}", "contact")
    note = {"content": "Tel {{contact.phone_number}}{{x}}", "private": True}
    second = (await api.post(url, json=note, headers=BOT)).json()
    assert (second["private"], second["content"]) == (True, "Tel +524420000001")
    form = {"content": "Foto", "message_type": "incoming", "content_attributes": '{"in_reply_to": 1}'}
    files = [("attachments[]", ("medidor.jpg", b"jpg", "image/jpeg"))]
    third = (await api.post(url, data=form, files=files, headers=BOT)).json()
    assert (third["attachments"][0]["file_type"], third["content_attributes"]["in_reply_to"]) == ("image", None)
    picture = await api.get(third["attachments"][0]["data_url"], follow_redirects=True)
    assert picture.content == b"jpg"
    assert (await api.get(url, headers=BOT)).status_code == 401
    rows = (await api.get(url, params={"after": first["id"]}, headers=USER)).json()["payload"]
    assert [m["id"] for m in rows] == [second["id"], third["id"]]


async def test_source_ids_of_messages_are_not_compared(api: httpx.AsyncClient) -> None:
    url = f"conversations/{await conversation(api)}/messages"
    for _ in range(2):
        await api.post(url, json={"content": "x", "message_type": "incoming", "source_id": "w1"}, headers=BOT)
    assert len((await api.get(url, headers=USER)).json()["payload"]) == 2


async def test_a_new_message_reopens_a_resolved_conversation(api: httpx.AsyncClient) -> None:
    one = f"conversations/{await conversation(api, 'resolved')}"
    await api.post(f"{one}/messages", json={"content": "sigo aquí", "message_type": "incoming"}, headers=BOT)
    assert (await api.get(one, headers=BOT)).json()["status"] == "open"


async def test_labels_and_attributes_replace_and_have_limits(api: httpx.AsyncClient) -> None:
    one = f"conversations/{await conversation(api)}"
    for labels in (["a", "b"], ["c"]):
        await api.post(f"{one}/labels", json={"labels": labels}, headers=BOT)
    assert (await api.get(f"{one}/labels", headers=BOT)).json() == {"payload": ["c"]}
    for values in ({"a": "1"}, {"b": "2"}):
        answer = await api.post(f"{one}/custom_attributes", json={"custom_attributes": values}, headers=BOT)
    assert answer.json() == {"custom_attributes": {"b": "2"}}
    too_big = {"custom_attributes": {"phone": 524420000001}}
    assert (await api.post(f"{one}/custom_attributes", json=too_big, headers=BOT)).status_code == 422
    assert (await api.post(f"{one}/toggle_priority", json={"priority": "urgent"}, headers=BOT)).content == b""
    assert (await api.post(f"{one}/toggle_priority", json={"priority": "huge"}, headers=BOT)).status_code == 500
    assert (await api.post(f"{one}/assignments", json={"team_id": 6}, headers=BOT)).json()["name"] == "facturación"


async def test_conversations_are_listed_by_source(api: httpx.AsyncClient) -> None:
    display = await conversation(api)
    query = {"inbox_id": 14, "source_id": "c_7f3a", "status": "all"}
    rows = (await api.get("conversations", params=query, headers=USER)).json()["data"]["payload"]
    assert [c["id"] for c in rows] == [display]
    assert (await api.get("conversations/1", headers=BOT)).json() == {"error": "Resource could not be found"}


async def test_it_can_be_down(api: httpx.AsyncClient, world: World) -> None:
    world.faults.active = [Fault(system="agora", kind="error", status=502)]
    assert (await api.post("contacts", json=ANA, headers=USER)).status_code == 502
