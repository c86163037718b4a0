"""Conversations over the wire: status, waiting, people, rules that find them, lists, bots and assignment."""

from __future__ import annotations

import httpx

from sandbox.agora.service import Agora
from tests.sandbox.agora.conftest import ADMIN, BOT, LAURA, USER, contact, conversation


async def test_patching_a_conversation_ignores_its_status(api: httpx.AsyncClient) -> None:
    one = f"conversations/{await conversation(api)}"
    answer = await api.patch(one, json={"status": "open", "priority": "high"}, headers=BOT)
    assert (answer.status_code, answer.json()["status"], answer.json()["priority"]) == (200, "pending", "high")


async def test_opening_waits_and_a_person_answering_ends_it(api: httpx.AsyncClient, agora: Agora) -> None:
    one = f"conversations/{await conversation(api)}"
    assert (await api.get(one, headers=USER)).json()["can_reply"] is False
    await api.post(f"{one}/messages", json={"content": "hola", "message_type": "incoming"}, headers=BOT)
    await api.post(f"{one}/toggle_status", json={"status": "open"}, headers=BOT)
    seen = (await api.get(one, headers=USER)).json()
    assert (seen["can_reply"], seen["unread_count"], seen["waiting_since"] > 0) == (True, 1, True)
    await api.post(f"{one}/messages", json={"content": "bot"}, headers=BOT)
    assert (await api.get(one, headers=USER)).json()["waiting_since"] > 0
    await api.post(f"{one}/messages", json={"content": "soy Laura"}, headers=LAURA)
    seen = (await api.post(f"{one}/update_last_seen", headers=LAURA)).json()
    assert (seen["waiting_since"], seen["unread_count"], seen["first_reply_created_at"] > 0) == (0, 0, True)
    agora.world.clock.advance_seconds(25 * 3600)
    assert (await api.get(one, headers=USER)).json()["can_reply"] is False


async def test_people_are_assigned_and_unknown_ids_clear(api: httpx.AsyncClient) -> None:
    one = f"conversations/{await conversation(api)}"
    laura = await api.post(f"{one}/assignments", json={"assignee_id": 31, "team_id": 5}, headers=BOT)
    assert laura.json()["name"] == "Laura Méndez"
    seen = (await api.get(one, headers=USER)).json()["meta"]
    assert (seen["assignee"]["id"], "team" in seen) == (31, False)
    assert (await api.post(f"{one}/assignments", json={"team_id": 5}, headers=BOT)).json()["name"] == "fugas"
    assert (await api.post(f"{one}/assignments", json={"team_id": 99}, headers=BOT)).json() is None
    assert (await api.post(f"{one}/assignments", json={"assignee_id": 99}, headers=BOT)).json() is None
    assert "assignee" not in (await api.get(one, headers=USER)).json()["meta"]
    bot = {"assignee_id": 41, "assignee_type": "AgentBot"}
    assert (await api.post(f"{one}/assignments", json=bot, headers=BOT)).json()["type"] == "agent_bot"


async def test_conversations_are_found_by_rules(api: httpx.AsyncClient) -> None:
    display = await conversation(api)
    one = f"conversations/{display}"
    await api.post(f"{one}/custom_attributes", json={"custom_attributes": {"maria_handoff": "h_1"}}, headers=BOT)

    async def find(*rules: tuple) -> httpx.Response:
        names = ("attribute_key", "filter_operator", "values", "query_operator")
        return await api.post(
            "conversations/filter", json={"payload": [dict(zip(names, r)) for r in rules]}, headers=USER
        )

    found = await find(("maria_handoff", "equal_to", ["h_1"], "AND"), ("status", "equal_to", ["pending"]))
    assert [c["id"] for c in found.json()["data"]["payload"]] == [display]
    none = await find(("status", "equal_to", ["open"], "AND"), ("maria_handoff", "equal_to", ["h_1"]))
    assert none.json()["data"]["payload"] == []
    either = await find(("status", "equal_to", ["open"], "OR"), ("maria_handoff", "contains", ["H_"]))
    assert len(either.json()["data"]["payload"]) == 1
    for wrong in (("moon", "equal_to", ["1"]), ("status", "like", ["1"]), ("status", "equal_to", [])):
        assert (await find(wrong)).status_code == 422
    assert (await find(("status", "equal_to", ["open"], "XOR"))).status_code == 422


async def test_lists_count_and_turn_pages(api: httpx.AsyncClient) -> None:
    ana = await contact(api)
    for _ in range(27):
        await api.post("conversations", json={"inbox_id": 14, "contact_id": ana["id"]}, headers=BOT)
    first = (await api.get("conversations", params={"status": "open"}, headers=LAURA)).json()["data"]
    assert (len(first["payload"]), first["meta"]["all_count"], first["meta"]["unassigned_count"]) == (25, 27, 27)
    second = (await api.get("conversations", params={"page": 2}, headers=LAURA)).json()["data"]["payload"]
    assert len(second) == 2
    every = (await api.get("conversations", params={"updated_within": 60}, headers=LAURA)).json()["data"]["payload"]
    assert len(every) == 27
    of_ana = (await api.get(f"contacts/{ana['id']}/conversations", headers=USER)).json()["payload"]
    assert len(of_ana) == 20


async def test_a_connected_bot_takes_new_and_resolved_ones(api: httpx.AsyncClient) -> None:
    assert (await api.post("inboxes/14/set_agent_bot", json={"agent_bot": 41}, headers=ADMIN)).status_code == 200
    one = f"conversations/{await conversation(api, 'open')}"
    assert (await api.get(one, headers=USER)).json()["status"] == "pending"
    await api.post(f"{one}/toggle_status", json={"status": "resolved"}, headers=BOT)
    await api.post(f"{one}/messages", json={"content": "otra vez", "message_type": "incoming"}, headers=BOT)
    assert (await api.get(one, headers=USER)).json()["status"] == "pending"


async def test_whoever_is_online_gets_it(api: httpx.AsyncClient, agora: Agora) -> None:
    settings = {"enable_auto_assignment": True}
    assert (await api.patch("inboxes/14", json=settings, headers=LAURA)).status_code == 401
    assert (await api.patch("inboxes/14", json=settings, headers=ADMIN)).json()["enable_auto_assignment"] is True
    await api.post("http://sandbox/control/agora/agents/31", json={"availability": "offline"})
    one = f"conversations/{await conversation(api)}"
    await api.post(f"{one}/toggle_status", json={"status": "open"}, headers=BOT)
    assert (await api.get(one, headers=USER)).json()["meta"]["assignee"]["name"] == "Jorge Ríos"
    there = (await api.get("assignable_agents", params={"inbox_ids[]": 14}, headers=USER)).json()["payload"]
    assert {a["id"]: a["availability_status"] for a in there}[31] == "offline"
