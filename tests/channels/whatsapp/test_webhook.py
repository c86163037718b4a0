"""What the webhook takes and refuses."""

import hashlib
import hmac
import json

import httpx
import pytest
from fastapi import FastAPI

from channels.whatsapp.signature import is_genuine, is_subscriber
from channels.whatsapp.webhook import build
from sandbox.whatsapp import inbound as meta
from sandbox.whatsapp.ids import PHONE_NUMBER_ID
from services.clock import Clock
from services.messaging.bell import Bell
from services.messaging.ingest import Ingest
from services.storage import Database

URL = "/webhooks/whatsapp"
ROSA = meta.Sender(wa_id="5214425550163")


@pytest.fixture
def client(sqlite: Database) -> httpx.AsyncClient:
    app = FastAPI()
    ingest = Ingest(sqlite, Clock(), Bell(None))
    app.include_router(build(ingest, app_secret="s3cret", verify_token="t0ken", phone_number_id=PHONE_NUMBER_ID))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://edge")


def signed(raw: bytes, secret: str = "s3cret") -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}


@pytest.mark.parametrize(
    ("mode", "token", "status"),
    [("subscribe", "t0ken", 200), ("subscribe", "x", 403), ("other", "t0ken", 403), (None, None, 403)],
)
async def test_verification(client: httpx.AsyncClient, mode: str | None, token: str | None, status: int) -> None:
    given = {"hub.mode": mode, "hub.verify_token": token, "hub.challenge": "1158201444"}
    answer = await client.get(URL, params={k: v for k, v in given.items() if v})
    assert answer.status_code == status
    assert answer.text == ("1158201444" if status == 200 else "")


async def test_only_the_raw_bytes_count(client: httpx.AsyncClient) -> None:
    raw = meta.encode(meta.envelope(meta.message(ROSA, meta.text("añ/ñ💧")), sender=ROSA))
    dumped = json.dumps(json.loads(raw), ensure_ascii=False).encode()
    assert (await client.post(URL, content=raw, headers=signed(raw))).status_code == 200
    assert (await client.post(URL, content=raw, headers=signed(dumped))).status_code == 401
    assert (await client.post(URL, content=raw, headers=signed(raw, "other"))).status_code == 401
    assert (await client.post(URL, content=raw)).status_code == 401


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'{"entry": 1}', b"\xff\xfe", b"[" * 5000])
async def test_an_odd_body_with_a_good_signature_is_acknowledged(client: httpx.AsyncClient, raw: bytes) -> None:
    assert (await client.post(URL, content=raw, headers=signed(raw))).status_code == 200


async def test_three_megabytes_are_the_limit(client: httpx.AsyncClient) -> None:
    raw = b"x" * (3 * 1024 * 1024 + 1)

    async def unmeasured():
        yield raw

    assert (await client.post(URL, content=raw, headers=signed(raw))).status_code == 413
    assert (await client.post(URL, content=unmeasured(), headers=signed(raw))).status_code == 413


async def test_not_stored_is_not_acknowledged(client: httpx.AsyncClient, sqlite: Database) -> None:
    async with sqlite.begin() as session:
        await session.execute(__import__("sqlalchemy").text("DROP TABLE inbox"))
    raw = meta.encode(meta.envelope(meta.message(ROSA, meta.text("hola")), sender=ROSA))
    with pytest.raises(Exception, match="inbox"):
        await client.post(URL, content=raw, headers=signed(raw))


def test_no_secret_no_start() -> None:
    with pytest.raises(ValueError, match="must be set"):
        build(None, app_secret="", verify_token="x", phone_number_id="1")  # type: ignore[arg-type]
    assert not is_genuine(b"", "sha256=", "")
    assert not is_genuine(b"x", "ñ", "s")
    assert not is_subscriber("subscribe", "", "")
