"""What the account is set to and who may see it: secrets, canned replies, contacts, the proxy before it."""

from __future__ import annotations

import httpx

from tests.sandbox.agora.conftest import ADMIN, BOT, LAURA, USER, contact


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


async def test_the_proxy_drops_underscores(api: httpx.AsyncClient) -> None:
    await api.post("http://sandbox/control/agora/behaviour", json={"drop_underscores": True})
    assert (await api.get("teams", headers=USER)).json() == {
        "errors": ["You need to sign in or sign up before continuing."]
    }
    dashed = {"Api-Access-Token": USER["api_access_token"]}
    assert (await api.get("teams", headers=dashed)).status_code == 200
