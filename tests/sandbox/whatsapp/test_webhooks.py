import asyncio
import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from sandbox.faults import Fault
from sandbox.whatsapp import inbound
from sandbox.whatsapp.inbound import Sender
from sandbox.whatsapp.webhooks import HttpPost
from tests.sandbox.whatsapp.conftest import ROSA, Phone


async def say(phone: Phone, **content: Any) -> str:
    answer = await phone.http.post("/control/whatsapp/inbound", json={"from": ROSA, **content})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def test_signature_over_escaped_bytes(phone: Phone) -> None:
    await say(phone, text="¿Cuánto debo? 💧 a/b")
    await phone.maria.wait_for(1)
    url, body, headers = phone.maria.received[0]
    assert url == "http://127.0.0.1:8000/webhooks/whatsapp"
    expected = hmac.new(b"sandbox-app-secret", body, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature-256"] == f"sha256={expected}"
    assert body.isascii()
    assert rb"\u00bfCu\u00e1nto" in body
    assert rb"a\/b" in body


async def test_envelope(phone: Phone) -> None:
    wamid = await say(phone, text="Hola")
    await phone.maria.wait_for(1)
    envelope = json.loads(phone.maria.received[0][1])
    assert envelope["object"] == "whatsapp_business_account"
    assert envelope["entry"][0]["id"] == "102290000000001"
    value = envelope["entry"][0]["changes"][0]["value"]
    assert value["metadata"]["phone_number_id"] == "106540000000001"
    assert value["contacts"] == [{"profile": {"name": "Rosa"}, "wa_id": ROSA}]
    message = value["messages"][0]
    assert (message["id"], message["from"], message["text"]) == (wamid, ROSA, {"body": "Hola"})
    assert message["timestamp"].isdigit()


async def test_somebody_without_a_number(phone: Phone) -> None:
    await say(phone, **{"from": "MX.8f3Kq7LmZt20", "text": "hola"})
    message = (await phone.maria.wait_for(1))[0]
    assert message["from_user_id"] == "MX.8f3Kq7LmZt20"
    assert "from" not in message
    value = json.loads(phone.maria.received[0][1])["entry"][0]["changes"][0]["value"]
    assert value["contacts"][0]["profile"]["username"] == "nube.qro"
    assert "wa_id" not in value["contacts"][0]


@pytest.mark.parametrize(
    ("content", "kind", "part"),
    [
        ({"button": {"id": "/pagar", "title": "Pagar"}}, "interactive", "button_reply"),
        ({"list": {"id": "/s", "title": "Centro", "description": "9 a 15"}}, "interactive", "list_reply"),
        ({"flow": {"flow_token": "t"}}, "interactive", "nfm_reply"),
        ({"quick_reply": {"text": "Pagar", "payload": "/pagar"}}, "button", None),
        ({"location": {"latitude": 20.5, "longitude": -100.3}}, "location", None),
        ({"contact": {"name": "Luis P", "phone": "+524425550140"}}, "contacts", None),
        ({"reaction": {"message_id": "wamid.X", "emoji": "👍"}}, "reaction", None),
        ({"message": inbound.unsupported()}, "unsupported", None),
        ({"message": inbound.request_welcome()}, "request_welcome", None),
    ],
)
async def test_what_a_citizen_can_do(phone: Phone, content: dict[str, Any], kind: str, part: str | None) -> None:
    await say(phone, reply_to="wamid.OUT", **content)
    message = (await phone.maria.wait_for(1))[0]
    assert message["type"] == kind
    assert message["context"]["id"] == "wamid.OUT"
    assert kind == "request_welcome" or kind in message
    if part:
        assert part in message["interactive"]


async def test_two_kinds_at_once_are_refused(phone: Phone) -> None:
    both = {"from": ROSA, "text": "a", "button": {"id": "b", "title": "B"}}
    assert (await phone.http.post("/control/whatsapp/inbound", json=both)).status_code == 422
    assert (await phone.http.post("/control/whatsapp/inbound", json={"from": ROSA})).status_code == 422


async def test_a_photo_can_be_fetched_by_id_and_by_url(phone: Phone) -> None:
    await say(phone, image={"content": "/9j/4A==", "mime_type": "image/jpeg", "caption": "fuga"})
    image = (await phone.maria.wait_for(1))[0]["image"]
    assert (await phone.http.get(image["url"])).content == b"\xff\xd8\xff\xe0"
    facts = (await phone.http.get(f"/graph/v24.0/{image['id']}?phone_number_id=106540000000001")).json()
    digest = hashlib.sha256(b"\xff\xd8\xff\xe0").hexdigest()
    assert facts["sha256"] == digest
    await phone.refused(131009, type="image", image={"id": image["id"]})


async def test_statuses_in_order_with_callback_data(phone: Phone) -> None:
    wamid = await phone.accepted(type="text", text={"body": "a"}, biz_opaque_callback_data="outbox-7")
    statuses = await phone.maria.wait_for(3, "statuses")
    assert [s["status"] for s in statuses] == ["sent", "delivered", "read"]
    assert {s["id"] for s in statuses} == {wamid}
    assert {s["biz_opaque_callback_data"] for s in statuses} == {"outbox-7"}
    assert statuses[0]["recipient_id"] == ROSA
    assert statuses[0]["pricing"]["category"] == "service"


async def test_failed_status(phone: Phone) -> None:
    phone.world.faults.active = [Fault(system="whatsapp_webhook", kind="error", code=131026, remaining=1)]
    await phone.accepted(type="text", text={"body": "a"})
    statuses = await phone.maria.wait_for(1, "statuses")
    assert statuses[0]["status"] == "failed"
    assert statuses[0]["errors"][0]["code"] == 131026


async def test_a_link_nobody_answers_fails_later(phone: Phone) -> None:
    await phone.accepted(type="image", image={"link": "http://127.0.0.1:9/a.jpg"})
    statuses = await phone.maria.wait_for(1, "statuses")
    assert statuses[0]["errors"][0]["code"] == 131053


async def test_retried_until_answered(phone: Phone) -> None:
    phone.maria.status = 503
    await say(phone, text="hola")
    await phone.maria.wait_for(2)
    phone.maria.status = 200
    for _ in range(100):
        await asyncio.sleep(0.01)
        if phone.service.webhooks.delivered:
            break
    counts = (await phone.http.get("/control/whatsapp/webhooks")).json()
    assert counts["delivered"] == 1
    assert counts["failed_attempts"] >= 2
    assert len({body for _, body, _ in phone.maria.received}) == 1


async def test_duplicates(phone: Phone) -> None:
    phone.world.faults.active = [Fault(system="whatsapp_webhook", kind="duplicate")]
    wamid = await say(phone, text="hola")
    messages = await phone.maria.wait_for(2)
    assert [m["id"] for m in messages] == [wamid, wamid]


async def test_reordering(phone: Phone) -> None:
    phone.world.faults.active = [Fault(system="whatsapp_webhook", kind="reorder", remaining=1)]
    first, second = await say(phone, text="uno"), await say(phone, text="dos")
    messages = await phone.maria.wait_for(2)
    assert [m["id"] for m in messages] == [second, first]


async def test_a_lost_attempt_comes_again(phone: Phone) -> None:
    phone.world.faults.active = [Fault(system="whatsapp_webhook", kind="drop", remaining=2)]
    await say(phone, text="hola")
    assert len(await phone.maria.wait_for(1)) == 1


@pytest.mark.parametrize(("status", "code", "expected"), [(None, 131026, 400), (503, 131016, 503), (None, None, 500)])
async def test_graph_errors(phone: Phone, status: int | None, code: int | None, expected: int) -> None:
    given = {key: value for key, value in {"status": status, "code": code}.items() if value}
    phone.world.faults.active = [Fault(system="graph", kind="error", **given)]
    answer = await phone.send(type="text", text={"body": "a"})
    assert answer.status_code == expected
    assert answer.json()["error"]["code"] == (code or 131000)
    assert phone.service.chats.sent == []


async def test_a_dropped_answer_although_the_message_went(phone: Phone) -> None:
    phone.world.faults.active = [Fault(system="graph", kind="drop", operation="messages", remaining=1)]
    answer = await phone.send(type="text", text={"body": "a"})
    assert answer.content == b"{"
    assert len(phone.service.chats.sent) == 1


def test_builders_for_people_without_a_number() -> None:
    for hidden, expected in (("absent", None), ("empty", ""), ("bsuid", "MX.a1")):
        sender = Sender(user_id="MX.a1", username="@ana", hidden=hidden)  # type: ignore[arg-type]
        message = inbound.message(sender, inbound.text("hola"), at=1.5)
        assert message.get("from") == expected
        assert sender.contact().get("wa_id") == expected
        assert message["timestamp"] == "1"


def test_builders_of_rare_kinds() -> None:
    sender = Sender(wa_id=ROSA)
    rare = [
        inbound.reaction("wamid.A"),
        inbound.order([{"product_retailer_id": "1", "quantity": "2"}]),
        inbound.number_changed("5214425550199"),
        inbound.user_id_changed("MX.new", previous="MX.old"),
        inbound.identity_changed("h", at=1),
        inbound.edit("wamid.A", "nuevo"),
        inbound.revoke("wamid.A"),
        inbound.quick_reply("Pagar"),
        inbound.flow_reply("{broken"),
        inbound.sticker("1"),
        inbound.document("1", "INE.pdf"),
        inbound.voice("1"),
        inbound.media("video", "1", "video/mp4"),
    ]
    messages = [inbound.message(sender, content) for content in rare]
    whole = inbound.batch(inbound.envelope(*messages, sender=sender), inbound.envelope(messages[2]))
    assert [len(e["changes"][0]["value"]["messages"]) for e in whole["entry"]] == [13, 1]
    assert "contacts" not in whole["entry"][1]["changes"][0]["value"]
    assert "emoji" not in rare[0]["reaction"]
    assert json.loads(inbound.encode(whole)) == whole


async def test_real_http_post_of_a_webhook() -> None:
    app = FastAPI()

    @app.post("/hook")
    async def hook() -> str:
        return "ok"

    post = HttpPost()
    post._client = httpx.AsyncClient(transport=httpx.ASGITransport(app))
    assert await post("http://maria/hook", b"{}", {}) == 200
    assert await HttpPost()("http://127.0.0.1:9/", b"{}", {}) == 0
