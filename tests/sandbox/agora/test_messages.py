"""Messages over the wire: paging, limits, choices and cards, quotes, states, files, an answer that is lost."""

from __future__ import annotations

import httpx
import pytest

from sandbox.agora.service import Agora
from sandbox.faults import Fault
from tests.sandbox.agora.conftest import BOT, LAURA, USER, conversation


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


async def test_a_lost_answer_was_done(api: httpx.AsyncClient, agora: Agora) -> None:
    display = await conversation(api)
    agora.world.faults.active = [Fault(system="agora", kind="drop", operation="messages")]
    answer = await api.post(f"conversations/{display}/messages", json={"content": "a", "source_id": "m:1"}, headers=BOT)
    assert answer.status_code == 504
    agora.world.faults.clear()
    rows = (await api.get(f"conversations/{display}/messages", headers=USER)).json()["payload"]
    assert [m["source_id"] for m in rows] == ["m:1"]


async def test_a_page_that_somebody_sends_is_not_run(api: httpx.AsyncClient) -> None:
    url = f"conversations/{await conversation(api)}/messages"
    files = [("attachments[]", ("x.html", b"<script>alert(1)</script>", "text/html"))]
    said = (await api.post(url, data={"message_type": "incoming"}, files=files, headers=BOT)).json()
    first = await api.get(said["attachments"][0]["data_url"])
    assert first.status_code == 302
    file = await api.get(f"http://sandbox{first.headers['location']}")
    assert file.headers["content-disposition"] == "attachment"
    assert "sandbox" in file.headers["content-security-policy"]
