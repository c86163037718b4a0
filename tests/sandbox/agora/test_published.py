"""The stand-in answers a client that was generated from Chatwoot's published description, and knows where it cannot."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.sandbox.agora.conftest import ADMIN, ANA, BOT, LAURA, USER, contact
from tests.sandbox.agora.published import OPERATIONS, Published, Unpublished, fits

HERE: dict[str, Any] = {"account_id": 2}
# Where the software answers otherwise than its description says (docs/adr/0015): the stand-in follows the software.
DIFFERENT = {
    "contactCreate": "is not of type 'array'",
    "contactUpdate": "200 instead of 204",
    "contactInboxCreation": "inbox.provider: None",
    "toggle-status-of-a-conversation": "success: None",
    "list-all-webhooks": "is not of type 'array'",
    "get-account-custom-attribute": "attribute_values",
    "add-new-custom-attribute-to-account": "attribute_values",
    "getInboxAgentBot": "200 instead of 204",
    "updateAgentBot": "200 instead of 204",
    "get-details-of-a-inbox": "close_hour: None",
}


@pytest.fixture
def client(api: httpx.AsyncClient) -> Published:
    return Published(api)


async def differs(client: Published, operation: str, *given: Any, **more: Any) -> None:
    with pytest.raises(Unpublished, match=DIFFERENT[operation]):
        await client(operation, *given, **more)
    client.called.add(operation)


async def test_every_operation_of_an_inbox_can_be_called(client: Published, api: httpx.AsyncClient) -> None:
    talk = await people(client, api)
    await conversations(client, talk)
    await settings(client, api)
    await citizens(client, api)
    await gone(client, api)
    assert client.called == set(OPERATIONS)


async def people(client: Published, api: httpx.AsyncClient) -> int:
    await differs(client, "contactCreate", USER, {"inbox_id": 14, "name": "Beto"}, **HERE)
    ana = {"id": (await contact(api))["id"], **HERE}
    for operation in (
        "contactDetails",
        "contactConversations",
        "list-all-labels-of-a-contact",
        "contactableInboxesGet",
    ):
        await client(operation, USER, **ana)
    await client("contactList", USER, **HERE)
    assert (await client("contactSearch", USER, q="Ana", **HERE))["payload"]
    await differs(client, "contactUpdate", USER, {"name": "Ana B"}, **ana)
    await client("contact-add-labels", USER, {"labels": ["fuga"]}, **ana)
    named = {"attribute_key": "name", "filter_operator": "equal_to", "values": ["Ana B"]}
    found = await client("contactFilter", USER, {"payload": [named]}, **HERE)
    assert [row["name"] for row in found["payload"]] == ["Ana B"]
    await differs(client, "contactInboxCreation", USER, {"inbox_id": 14, "source_id": "other"}, **ana)
    body = {"source_id": ANA["source_id"], "inbox_id": 14, "contact_id": ana["id"], "status": "pending"}
    return int((await client("newConversation", BOT, body, **HERE))["id"])


async def conversations(client: Published, talk: int) -> None:
    here = {"conversation_id": talk, **HERE}
    await differs(client, "toggle-status-of-a-conversation", BOT, {"status": "open"}, **here)  # by a bot: a handoff
    await client("toggle-status-of-a-conversation", ADMIN, {"status": "open"}, **here)
    for operation in ("conversationListMeta", "conversationList"):
        await client(operation, USER, **HERE)
    opened = {"attribute_key": "status", "filter_operator": "equal_to", "values": ["open"]}
    await client("conversationFilter", USER, {"payload": [opened]}, **HERE)
    await client("get-details-of-a-conversation", USER, **here)
    await client("update-conversation", USER, {"priority": "high"}, **here)
    await client("toggle-priority-of-a-conversation", BOT, {"priority": "urgent"}, **here)
    await client("toggle-typing-status-of-a-conversation", LAURA, {"typing_status": "on", "is_private": False}, **here)
    changed = {"custom_attributes": {"motivo": "aclaración"}}
    await client("update-custom-attributes-of-a-conversation", BOT, changed, **here)
    await client("conversation-add-labels", USER, {"labels": ["fuga"]}, **here)
    assert (await client("list-all-labels-of-a-conversation", USER, **here))["payload"] == ["fuga"]
    note = {"content": "de María", "message_type": "outgoing", "private": True}
    said = await client("create-a-new-message-in-a-conversation", BOT, note, **here)
    assert "assignee" not in (await client("list-all-messages", USER, **here))["meta"]
    for assigned in ({"team_id": 5}, {"assignee_id": 31}):
        await client("assign-a-conversation", BOT, assigned, **here)
    assert (await client("list-all-messages", USER, **here))["meta"]["assignee"]["id"] == 31
    await client("delete-a-message", USER, message_id=said["id"], **here)


async def settings(client: Published, api: httpx.AsyncClient) -> None:
    lists = "listAllInboxes list-all-labels list-all-teams get-account-agents get-account-canned-response"
    for operation in [*lists.split(), "list-all-account-agent-bots"]:
        assert await client(operation, ADMIN, **HERE)
    await client("fetchProfile", USER)
    await client("GetInbox", USER, id=14, **HERE)
    await client("updateInbox", ADMIN, {"enable_auto_assignment": True}, id=14, **HERE)
    await differs(client, "getInboxAgentBot", ADMIN, id=14, **HERE)
    await differs(client, "updateAgentBot", ADMIN, {"agent_bot": 41}, id=14, **HERE)
    await client("get-inbox-members", ADMIN, inbox_id=14, **HERE)
    await client("create-a-label", ADMIN, {"title": "nueva", "color": "#1f93ff"}, **HERE)
    for operation in ("get-details-of-a-single-team", "get-team-members"):
        await client(operation, USER, team_id=5, **HERE)
    await differs(client, "get-account-custom-attribute", ADMIN, **HERE)
    definition = {"attribute_display_name": "Zona", "attribute_key": "zona", "attribute_model": 0}
    await differs(client, "add-new-custom-attribute-to-account", ADMIN, definition, **HERE)
    canned = {"short_code": "adios", "content": "Hasta luego"}
    made = await client("add-new-canned-response-to-account", LAURA, canned, **HERE)
    await client("delete-canned-response-from-account", ADMIN, id=made["id"], **HERE)
    body = {"url": "http://m.example/w", "subscriptions": ["contact_updated"]}
    await client("create-a-webhook", ADMIN, body, **HERE)
    await differs(client, "list-all-webhooks", ADMIN, **HERE)
    hook = (await api.get("webhooks", headers=ADMIN)).json()["payload"]["webhooks"][-1]["id"]
    await client("update-a-webhook", ADMIN, {"url": "http://m.example/v"}, webhook_id=hook, **HERE)
    await client("delete-a-webhook", ADMIN, webhook_id=hook, **HERE)


async def citizens(client: Published, api: httpx.AsyncClient) -> None:
    inbox = {"inbox_identifier": (await api.get("inboxes/14", headers=ADMIN)).json()["inbox_identifier"]}
    await differs(client, "get-details-of-a-inbox", **inbox)
    made = await client("create-a-contact", None, {"identifier": "maria:pia", "name": "Pía"}, **inbox)
    pia = {"contact_identifier": made["source_id"], **inbox}
    await client("get-details-of-a-contact", **pia)
    await client("update-a-contact", None, {"name": "Pía B"}, **pia)
    talk = {"conversation_id": (await client("create-a-conversation", None, {}, **pia))["id"], **pia}
    await client("list-all-contact-conversations", **pia)
    await client("toggle-typing-status", typing_status="on", **talk)
    said = await client("create-a-message", None, {"content": "hola", "echo_id": "1"}, **talk)
    assert [m["id"] for m in await client("list-all-conversation-messages", **talk)] == [said["id"]]
    await client("update-a-message", None, {"submitted_values": {"title": "Sí"}}, message_id=said["id"], **talk)
    await client("update-last-seen", **talk)
    await client("resolve-conversation", **talk)
    assert (await client("get-single-conversation", **talk))["status"] == "resolved"


async def gone(client: Published, api: httpx.AsyncClient) -> None:
    one = await contact(api, source_id="c_1", identifier="maria:1", phone_number="+524420000071")
    two = await contact(api, source_id="c_2", identifier="maria:2", phone_number="+524420000072")
    ids = {"base_contact_id": one["id"], "mergee_contact_id": two["id"]}
    await client("contactMerge", USER, ids, **HERE)
    await client("contactDelete", ADMIN, id=one["id"], **HERE)


async def test_what_is_not_published_is_refused_before_it_leaves(client: Published) -> None:
    with pytest.raises(Unpublished, match="takes"):
        await client("contactDetails", USER, contact=1, **HERE)
    with pytest.raises(Unpublished, match="'loud' is not one of"):
        await client("toggle-status-of-a-conversation", BOT, {"status": "loud"}, conversation_id=1, **HERE)


def test_an_answer_of_another_type_is_noticed() -> None:
    schema = OPERATIONS["create-a-new-message-in-a-conversation"]["answer"]
    fits(schema, {"id": 1, "content": "hola"}, "message")
    with pytest.raises(Unpublished, match="id: 'one' is not of type"):
        fits(schema, {"id": "one", "content": "hola"}, "message")
