"""What a citizen reaches without an agent's token: the survey and the Client API."""

from __future__ import annotations

import httpx

from sandbox.agora.service import Agora
from tests.sandbox.agora.conftest import ADMIN, BOT, LAURA, USER, conversation


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
