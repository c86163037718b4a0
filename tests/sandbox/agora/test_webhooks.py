"""Deliveries: signed over the raw body, once, echoed for everybody's writes, failed when not answered 2xx."""

from __future__ import annotations

import hashlib
import hmac

import httpx
import pytest

from sandbox.agora.service import Agora
from sandbox.faults import Fault
from tests.sandbox.agora.conftest import ADMIN, ANA, BOT, HOOK, LAURA, USER, Listener, contact, conversation


async def say(api: httpx.AsyncClient, display: int, headers: dict[str, str], **body) -> dict:
    answer = await api.post(f"conversations/{display}/messages", json=body, headers=headers)
    assert answer.status_code == 200
    return answer.json()


async def test_an_agents_text_arrives_signed(api: httpx.AsyncClient, agora: Agora, listener: Listener) -> None:
    display = await conversation(api)
    await agora.webhooks.settled()
    listener.got.clear()
    said = await say(api, display, LAURA, content="Ya revisé su **recibo**.")
    await agora.webhooks.settled()
    url, raw, headers = next(g for g in listener.got if b'"message_created"' in g[1])
    stamp = headers["X-Chatwoot-Timestamp"]
    digest = hmac.new(b"sandbox-agora-webhook", stamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
    assert (url, headers["X-Chatwoot-Signature"]) == (HOOK, f"sha256={digest}")
    assert len(headers["X-Chatwoot-Delivery"]) == 36
    body = listener.events("message_created")[0]
    assert (body["id"], body["message_type"], body["private"]) == (said["id"], "outgoing", False)
    assert body["sender"] == {"id": 31, "name": "Laura Méndez", "email": "laura@agora.example", "type": "user"}
    assert "status" not in body
    assert body["conversation"]["meta"]["sender"]["type"] == "contact"
    assert body["conversation"]["id"] == display
    assert "uuid" not in body["conversation"]
    assert (
        listener.events("conversation_updated")[-1]["changed_attributes"][0]["waiting_since"]["current_value"] is None
    )


async def test_a_note_is_told_but_the_conversation_shows_the_last_public_line(
    api: httpx.AsyncClient, agora: Agora, listener: Listener
) -> None:
    display = await conversation(api)
    await say(api, display, BOT, content="hola", message_type="incoming", source_id="w1")
    await say(api, display, LAURA, content="cuidado", private=True)
    await agora.webhooks.settled()
    came, note = listener.events("message_created")
    assert "type" not in came["sender"]
    assert (came["sender"]["phone_number"], came["source_id"]) == (ANA["phone_number"], "w1")
    assert (note["private"], note["conversation"]["messages"][0]["content"]) == (True, "hola")


async def test_status_changes_say_nothing_of_before(api: httpx.AsyncClient, agora: Agora, listener: Listener) -> None:
    display = await conversation(api)
    for wanted, who in (("open", BOT), ("resolved", LAURA)):
        await api.post(f"conversations/{display}/toggle_status", json={"status": wanted}, headers=who)
    await agora.webhooks.settled()
    changes = listener.events("conversation_status_changed")
    assert {c["status"] for c in changes} == {"resolved"} or [c["status"] for c in changes] == ["open", "resolved"]
    assert all(c["changed_attributes"] is None for c in changes)
    updates = [u["changed_attributes"][0].get("status") for u in listener.events("conversation_updated")]
    assert {"previous_value": "open", "current_value": "resolved"} in updates
    assert not [b for b in listener.bodies if b.get("message_type") == "activity"]


async def test_assignment_labels_and_typing_are_told(api: httpx.AsyncClient, agora: Agora, listener: Listener) -> None:
    one = f"conversations/{await conversation(api)}"
    await api.post(f"{one}/assignments", json={"assignee_id": 31}, headers=LAURA)
    await api.post(f"{one}/labels", json={"labels": ["fuga"]}, headers=LAURA)
    await api.post(f"{one}/toggle_typing_status", json={"typing_status": "on"}, headers=LAURA)
    await agora.webhooks.settled()
    changed = {k: v for u in listener.events("conversation_updated") for k, v in u["changed_attributes"][0].items()}
    assert changed["assignee_id"] == {"previous_value": None, "current_value": 31}
    assert changed["label_list"] == {"previous_value": [], "current_value": ["fuga"]}
    typing = listener.events("conversation_typing_on")[0]
    assert (typing["user"]["id"], typing["is_private"]) == (31, False)


@pytest.mark.parametrize("status", [404, 500])
async def test_a_delivery_that_is_not_taken_fails_the_message_once(
    api: httpx.AsyncClient, agora: Agora, listener: Listener, status: int
) -> None:
    display = await conversation(api)
    await agora.webhooks.settled()
    listener.got.clear()
    listener.status = status
    said = await say(api, display, LAURA, content="¿hola?")
    await agora.webhooks.settled()
    assert len(listener.events("message_created")) == 1
    url = f"conversations/{display}/messages"
    seen = next(m for m in (await api.get(url, headers=USER)).json()["payload"] if m["id"] == said["id"])
    assert (seen["status"], seen["content_attributes"]) == ("failed", {"external_error": f"{status} response"})
    listener.status = 200
    await api.post(f"{url}/{said['id']}/retry", headers=LAURA)
    await agora.webhooks.settled()
    assert listener.events("message_updated")[-1]["content_attributes"] == {}
    assert len(listener.events("message_created")) == 1


async def test_duplicates_losses_and_old_versions(api: httpx.AsyncClient, agora: Agora, listener: Listener) -> None:
    display = await conversation(api)
    await agora.webhooks.settled()
    listener.got.clear()
    agora.world.faults.active = [Fault(system="agora_webhook", kind="duplicate", operation="message_created")]
    await say(api, display, BOT, content="a", message_type="incoming")
    await agora.webhooks.settled()
    twice = [h["X-Chatwoot-Delivery"] for _, _, h in listener.got]
    assert len(twice) == len(set(twice)) == 2
    agora.world.faults.active = [Fault(system="agora_webhook", kind="drop")]
    lost = await say(api, display, LAURA, content="b")
    await agora.webhooks.settled()
    assert agora.store.message(agora.store.conversation(display), lost["id"]).status == "failed"
    agora.world.faults.clear()
    agora.store.behaviour.version = "4.12.1"
    await say(api, display, LAURA, content="c")
    await agora.webhooks.settled()
    assert "X-Chatwoot-Signature" not in listener.got[-1][2]
    assert (await api.get(f"conversations/{display}", headers=BOT)).status_code == 401


async def test_late_deliveries_overtake(api: httpx.AsyncClient, agora: Agora, listener: Listener) -> None:
    display = await conversation(api)
    await agora.webhooks.settled()
    agora.world.faults.active = [Fault(system="agora_webhook", kind="reorder", remaining=1)]
    for words in ("uno", "dos"):
        await say(api, display, BOT, content=words, message_type="incoming")
    await agora.webhooks.settled()
    assert [m["content"] for m in listener.events("message_created")] == ["dos", "uno"]


async def test_account_webhooks_get_what_they_asked_for(
    api: httpx.AsyncClient, agora: Agora, listener: Listener
) -> None:
    hook = {"url": "http://other.example/hook", "subscriptions": ["contact_updated"], "name": "maria"}
    assert (await api.post("webhooks", json={"webhook": hook}, headers=USER)).status_code == 401
    made = (await api.post("webhooks", json={"webhook": hook}, headers=ADMIN)).json()["payload"]["webhook"]
    assert made["subscriptions"] == ["contact_updated"]
    wrong = {**hook, "url": "http://x.example", "subscriptions": ["moon"]}
    assert (await api.post("webhooks", json=wrong, headers=ADMIN)).status_code == 422
    assert (await api.post("webhooks", json={**hook, "url": "nada"}, headers=ADMIN)).json()["attributes"] == ["url"]
    ana = await contact(api)
    await api.put(f"contacts/{ana['id']}", json={"name": "Ana L."}, headers=USER)
    await agora.webhooks.settled()
    assert [(u, b["event"]) for (u, _, _), b in zip(listener.got, listener.bodies)] == [
        (hook["url"], "contact_updated")
    ]
    assert (await api.delete(f"webhooks/{made['id']}", headers=ADMIN)).status_code == 200
    assert (await api.get("webhooks", headers=ADMIN)).json() == {"payload": {"webhooks": []}}
