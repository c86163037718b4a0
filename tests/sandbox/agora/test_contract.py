"""What the wire promises beyond the basics: paging, filters, states, windows, people, the survey, the Client API."""

from __future__ import annotations

import httpx
import pytest

from sandbox.agora.service import Agora
from sandbox.faults import Fault
from tests.sandbox.agora.conftest import ADMIN, BOT, LAURA, USER, contact, conversation


async def test_messages_are_paged_in_every_direction(api: httpx.AsyncClient, agora: Agora) -> None:
    url = f"conversations/{await conversation(api)}/messages"
    ids = [(await api.post(url, json={"content": str(n)}, headers=BOT)).json()["id"] for n in range(120)]

    async def page(**query: int) -> list[int]:
        return [m["id"] for m in (await api.get(url, params=query, headers=USER)).json()["payload"]]

    assert await page() == ids[-20:]
    assert await page(before=ids[50]) == ids[30:50]
    assert await page(after=ids[0]) == ids[1:101]
    assert await page(after=ids[10], before=ids[13]) == ids[10:13]


async def test_too_many_messages_in_a_minute(api: httpx.AsyncClient, agora: Agora) -> None:
    url = f"conversations/{await conversation(api)}/messages"
    for _ in range(200):
        answer = await api.post(url, json={"content": "x"}, headers=BOT)
    assert answer.status_code == 200
    answer = await api.post(url, json={"content": "x"}, headers=BOT)
    assert (answer.status_code, answer.json()) == (422, {"error": "Validation failed: Too many messages"})
    agora.world.clock.advance_seconds(61)
    assert (await api.post(url, json={"content": "x"}, headers=BOT)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x", "message_type": "shout"},
        {"content": "x", "content_type": "dance"},
        {"content": "x" * 150_001},
        {"content": "x", "content_type": "input_select", "content_attributes": {"items": [{"name": "a"}]}},
        {"content": "x", "content_type": "input_select"},
        {"content": "x", "content_type": "cards", "content_attributes": {"items": [{"title": "a"}]}},
    ],
)
async def test_messages_that_are_refused(api: httpx.AsyncClient, body) -> None:
    url = f"conversations/{await conversation(api)}/messages"
    answer = await api.post(url, json=body, headers=BOT)
    assert answer.status_code == 422
    assert set(answer.json()) == {"error"}


async def test_choices_and_cards_are_kept(api: httpx.AsyncClient) -> None:
    url = f"conversations/{await conversation(api)}/messages"
    items = [{"title": "Pagar", "value": "pay"}]
    body = {
        "content": "¿Qué desea?",
        "content_type": "input_select",
        "content_attributes": {"items": items},
        "echo_id": "e1",
    }
    said = (await api.post(url, json=body, headers=BOT)).json()
    assert (said["content_type"], said["content_attributes"]["items"], said["echo_id"]) == ("input_select", items, "e1")
    card = {"title": "Recibo", "actions": [{"type": "link", "text": "Ver", "uri": "https://x.example"}]}
    body = {"content": "-", "content_type": "cards", "content_attributes": {"items": [card]}}
    assert (await api.post(url, json=body, headers=BOT)).status_code == 200


async def test_quotes_fill_in_each_other(api: httpx.AsyncClient) -> None:
    url = f"conversations/{await conversation(api)}/messages"
    came = (
        await api.post(url, json={"content": "a", "message_type": "incoming", "source_id": "w1"}, headers=BOT)
    ).json()
    for known in ({"in_reply_to": came["id"]}, {"in_reply_to_external_id": "w1"}):
        said = (await api.post(url, json={"content": "b", "content_attributes": known}, headers=LAURA)).json()
        assert said["content_attributes"] == {"in_reply_to": came["id"], "in_reply_to_external_id": "w1"}


async def test_the_state_of_a_message_only_moves_forward(api: httpx.AsyncClient) -> None:
    url = f"conversations/{await conversation(api)}/messages"
    one = f"{url}/{(await api.post(url, json={'content': 'a'}, headers=LAURA)).json()['id']}"

    async def report(**body: str) -> tuple[str, dict]:
        answer = (await api.patch(one, json=body, headers=USER)).json()
        return answer["status"], answer["content_attributes"]

    assert (await api.patch(one, json={"status": "read"}, headers=BOT)).status_code == 401
    assert await report(status="failed", external_error="131047") == ("failed", {"external_error": "131047"})
    assert await report(status="delivered") == ("delivered", {})
    assert await report(status="read") == ("read", {})
    assert await report(status="delivered") == ("read", {})
    assert await report(status="lost", content="otro") == ("read", {})
    assert (await api.delete(one, headers=LAURA)).status_code == 200
    last = (await api.get(url, headers=USER)).json()["payload"][-1]
    assert last["content_attributes"] == {"deleted": True}


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


async def test_settings_show_secrets_to_administrators_only(api: httpx.AsyncClient) -> None:
    assert "secret" not in (await api.get("inboxes/14", headers=USER)).json()
    channel = {"webhook_url": "http://m.example/w", "additional_attributes": {"agent_reply_time_window": 12}}
    seen = (await api.patch("inboxes/14", json={"channel": channel}, headers=ADMIN)).json()
    assert (seen["webhook_url"], seen["additional_attributes"]) == (
        "http://m.example/w",
        {"agent_reply_time_window": 12},
    )
    assert seen["secret"] != (await api.post("inboxes/14/reset_secret", headers=ADMIN)).json()["secret"]
    profile = (await api.get("http://sandbox/agora/api/v1/profile", headers=USER)).json()
    assert (profile["accounts"][0]["id"], profile["role"]) == (2, "agent")
    assert (await api.get("http://sandbox/agora/api/v1/profile", headers=BOT)).status_code == 401
    assert (await api.get("http://sandbox/agora/api")).json()["version"] == "4.15.1"
    for path in ("agents", "teams", "labels", "canned_responses", "custom_attribute_definitions", "inboxes"):
        assert (await api.get(path, headers=USER)).status_code == 200
        assert (await api.get(path, headers=BOT)).status_code == 401


async def test_canned_replies(api: httpx.AsyncClient) -> None:
    found = (await api.get("canned_responses", params={"search": "cuadrilla"}, headers=LAURA)).json()
    assert [c["short_code"] for c in found] == ["cuadrilla"]
    new = {"short_code": "adios", "content": "Hasta luego"}
    assert (await api.post("canned_responses", json={"canned_response": new}, headers=LAURA)).status_code == 200
    assert (await api.post("canned_responses", json=new, headers=LAURA)).json()["attributes"] == ["short_code"]


async def test_the_proxy_drops_underscores(api: httpx.AsyncClient) -> None:
    await api.post("http://sandbox/control/agora/behaviour", json={"drop_underscores": True})
    assert (await api.get("teams", headers=USER)).json() == {
        "errors": ["You need to sign in or sign up before continuing."]
    }
    dashed = {"Api-Access-Token": USER["api_access_token"]}
    assert (await api.get("teams", headers=dashed)).status_code == 200


async def test_a_lost_answer_was_done(api: httpx.AsyncClient, agora: Agora) -> None:
    display = await conversation(api)
    agora.world.faults.active = [Fault(system="agora", kind="drop", operation="messages")]
    answer = await api.post(f"conversations/{display}/messages", json={"content": "a", "source_id": "m:1"}, headers=BOT)
    assert answer.status_code == 504
    agora.world.faults.clear()
    rows = (await api.get(f"conversations/{display}/messages", headers=USER)).json()["payload"]
    assert [m["source_id"] for m in rows] == ["m:1"]


async def test_the_survey_becomes_a_record(api: httpx.AsyncClient, agora: Agora) -> None:
    display = await conversation(api)
    uuid = (await api.get(f"conversations/{display}", headers=USER)).json()["uuid"]
    url = f"http://sandbox/agora/public/api/v1/csat_survey/{uuid}"
    assert (await api.get(url)).status_code == 404
    body = {
        "content": "¿Cómo le atendimos?",
        "content_type": "input_csat",
        "content_attributes": {"display_type": "emoji"},
    }
    await api.post(f"conversations/{display}/messages", json=body, headers=BOT)
    await api.post(f"conversations/{display}/assignments", json={"assignee_id": 31}, headers=LAURA)
    given = {"message": {"submitted_values": {"csat_survey_response": {"rating": 4, "feedback_message": "rápido"}}}}
    assert (await api.put(url, json=given)).json()["csat_survey_response"] is None
    row = (await api.get("csat_survey_responses", headers=ADMIN)).json()[0]
    assert (row["rating"], row["feedback_message"], row["assigned_agent"]["id"]) == (4, "rápido", 31)
    assert (await api.get("csat_survey_responses", headers=USER)).status_code == 401
    given["message"]["submitted_values"]["csat_survey_response"]["rating"] = 9
    assert (await api.put(url, json=given)).status_code == 422
    agora.world.clock.advance_seconds(15 * 86_400)
    assert (await api.put(url, json=given)).status_code == 422


async def test_the_stock_survey_comes_once_when_it_is_on(api: httpx.AsyncClient) -> None:
    await api.patch("inboxes/14", json={"csat_survey_enabled": True}, headers=ADMIN)
    one = f"conversations/{await conversation(api)}"
    await api.post(f"{one}/messages", json={"content": "hola", "message_type": "incoming"}, headers=BOT)
    for wanted in ("resolved", "open", "resolved"):
        await api.post(f"{one}/toggle_status", json={"status": wanted}, headers=ADMIN)
    rows = (await api.get(f"{one}/messages", headers=USER)).json()["payload"]
    asked = [m for m in rows if m["content_type"] == "input_csat"]
    assert [(m["message_type"], "/survey/responses/" in m["content"]) for m in asked] == [(3, True)]


async def test_the_client_api(api: httpx.AsyncClient) -> None:
    base = "http://sandbox/agora/public/api/v1/inboxes/sandbox-inbox-Kq3TtW9"
    hours = (await api.get(base)).json()["working_hours"]
    assert (hours[0]["closed_all_day"], hours[1]["open_hour"], hours[1]["close_hour"]) == (True, 8, 17)
    person = {"source_id": "c_9", "identifier": "maria:c_9", "name": "Luis"}
    first = (await api.post(f"{base}/contacts", json=person)).json()
    assert (await api.post(f"{base}/contacts", json=person)).json()["id"] == first["id"]
    bad = {**person, "identifier_hash": "00"}
    assert (await api.post(f"{base}/contacts", json=bad)).status_code == 500
    talk = (await api.post(f"{base}/contacts/c_9/conversations", json={})).json()
    assert (talk["status"], bool(talk["uuid"])) == ("open", True)
    url = f"{base}/contacts/c_9/conversations/{talk['id']}"
    await api.post(f"conversations/{talk['id']}/messages", json={"content": "nota", "private": True}, headers=LAURA)
    said = (await api.post(f"conversations/{talk['id']}/messages", json={"content": "hola"}, headers=LAURA)).json()
    assert (await api.post(f"{url}/messages", json={"content": "sí", "echo_id": "e"})).json()["echo_id"] == "e"
    assert [m["content"] for m in (await api.get(f"{url}/messages")).json()] == ["hola", "sí"]
    await api.post(f"{url}/update_last_seen")
    rows = (await api.get(f"conversations/{talk['id']}/messages", headers=USER)).json()["payload"]
    assert {m["id"]: m["status"] for m in rows}[said["id"]] == "read"
    assert (await api.get(f"{base}/contacts/nobody/conversations")).status_code == 404


async def test_contacts_merge_and_are_removed_by_administrators(api: httpx.AsyncClient) -> None:
    ana = await contact(api, custom_attributes={"contratos": "000123"})
    other = (await api.post("contacts", json={"name": "Ana", "email": "ana@x.example"}, headers=USER)).json()
    other_id = other["payload"]["contact"]["id"]
    ids = {"base_contact_id": ana["id"], "mergee_contact_id": other_id}
    merged = (await api.post("actions/contact_merge", json=ids, headers=USER)).json()
    assert (merged["email"], merged["phone_number"]) == ("ana@x.example", ana["phone_number"])
    assert (await api.get(f"contacts/{other_id}", headers=USER)).status_code == 404
    assert (await api.delete(f"contacts/{ana['id']}", headers=USER)).status_code == 401
    assert (await api.delete(f"contacts/{ana['id']}", headers=ADMIN)).status_code == 200
    assert (await api.post("contacts", json={"name": "x" * 256}, headers=USER)).json()["attributes"] == ["name"]


async def test_a_page_that_somebody_sends_is_not_run(api: httpx.AsyncClient) -> None:
    url = f"conversations/{await conversation(api)}/messages"
    files = [("attachments[]", ("x.html", b"<script>alert(1)</script>", "text/html"))]
    said = (await api.post(url, data={"message_type": "incoming"}, files=files, headers=BOT)).json()
    first = await api.get(said["attachments"][0]["data_url"])
    assert first.status_code == 302
    file = await api.get(f"http://sandbox{first.headers['location']}")
    assert file.headers["content-disposition"] == "attachment"
    assert "sandbox" in file.headers["content-security-policy"]
