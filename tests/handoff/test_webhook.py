"""The doorbell: only AGORA can ring, quickly, and nothing it says is believed."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from sandbox.agora.webhooks import signed
from tests.channels.conftest import until
from tests.handoff.conftest import BELL, House

SECRET = "sandbox-agora-webhook"


async def ring(house: House, raw: bytes, headers: dict[str, str]) -> int:
    return (await house.http.post(BELL, content=raw, headers=headers)).status_code


def event(conversation: int) -> dict[str, Any]:
    inside = {"id": conversation, "inbox_id": 14}
    return {"event": "message_created", "id": 1, "account": {"id": 2}, "inbox": {"id": 14}, "conversation": inside}


async def test_only_the_right_signature_of_now_rings(house: House) -> None:
    raw, now = json.dumps(event(5012)).encode(), int(time.time())
    good = signed(raw, SECRET, now)
    assert await ring(house, raw, good) == 200
    assert await ring(house, raw + b" ", good) == 401
    assert await ring(house, raw, {}) == 401
    assert await ring(house, raw, signed(raw, "another", now)) == 401
    assert await ring(house, raw, signed(raw, SECRET, now - 400)) == 401
    assert await ring(house, raw, {**good, "X-Chatwoot-Timestamp": "ayer"}) == 401
    assert await ring(house, raw, {**good, "X-Chatwoot-Timestamp": str(now + 1)}) == 401


@pytest.mark.parametrize(
    "raw", [b"", b"null", b"[]", b"{", b'{"event": 7, "conversation": "x"}', b"[" * 100_000], ids=range(6)
)
async def test_genuine_nonsense_is_acknowledged(house: House, raw: bytes) -> None:
    assert await ring(house, raw, signed(raw, SECRET, int(time.time()))) == 200


async def test_a_huge_body_is_not_read(house: House) -> None:
    raw = b" " * (2 * 1024 * 1024 + 1)
    assert await ring(house, raw, signed(raw, SECRET, int(time.time()))) == 413


async def test_a_false_message_in_a_genuine_event_is_not_sent(house: House) -> None:
    talk = await house.hand_over(await house.contact())
    before = len(await house.sent())
    body = {**event(talk.display), "id": 99, "content": "nunca dicho", "message_type": "outgoing", "private": False}
    raw = json.dumps(body).encode()
    assert await ring(house, raw, signed(raw, SECRET, int(time.time()))) == 200
    await house.says(talk, content="dicho")
    sent = await house.wait_sent(before + 1)
    assert "nunca dicho" not in str(sent)


async def test_typing_shows_at_the_citizens_phone_once_in_a_while(house: House) -> None:
    talk = await house.hand_over(await house.contact())
    url = f"http://agora/agora/api/v1/accounts/2/conversations/{talk.display}/toggle_typing_status"
    for private in (True, False, False):
        body = {"typing_status": "on", "is_private": private}
        await house.http.post(url, json=body, headers={"Api-Access-Token": "sandbox-agora-laura"})
    await house.agora.webhooks.settled()

    async def keys() -> list[str]:
        return [str(key) for key in await house.parts.redis.keys("typing:*")]

    assert len(await until(keys, bool, 3)) == 1
