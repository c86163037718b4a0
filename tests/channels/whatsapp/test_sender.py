"""What happens to a letter for every answer the Graph API can give."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis
from sqlalchemy import select

from channels.whatsapp.client import GraphClient, RemoteFile
from channels.whatsapp.errors import Verdict, verdict, wait
from channels.whatsapp.files import Files, Unfit, real_type
from channels.whatsapp.pace import PAIR_BURST, Pace
from channels.whatsapp.sender import Sender
from services.clock import Clock
from services.contacts.service import Contacts
from services.messaging.bell import Bell
from services.messaging.inbound import Inbound, Kind, MediaPointer
from services.messaging.inbound import Sender as From
from services.messaging.ingest import Delivery, Ingest
from services.messaging.media import MediaStore
from services.messaging.outbound import Image, Outbound, Text
from services.messaging.outbox import Draft, Outbox
from services.messaging.settle import Settler
from services.messaging.tables import OutboxRow
from services.storage import Database

Answer = Callable[[httpx.Request], httpx.Response]


def accepted(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"messages": [{"id": "wamid.out"}]})


def refused(code: int, status: int = 400) -> Answer:
    return lambda _request: httpx.Response(status, json={"error": {"code": code, "fbtrace_id": "A1"}})


def broken(error: type[httpx.TransportError]) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("no", request=request)

    return answer


@dataclass
class Desk:
    """A sender between a database and an API that answers what it is told."""

    database: Database
    redis: Redis
    answers: list[Answer] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        clock, bell = Clock(), Bell(None)
        http = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        self.client = GraphClient(http, "https://graph.example", "v24.0", "106", "token")
        self.media = MediaStore(self.database, clock)
        self.ingest, self.outbox = Ingest(self.database, clock, bell), Outbox(self.database, bell)
        pace = Pace(self.redis, "106", 80)
        contacts = Contacts(self.database, clock)
        self.sender = Sender(self.client, Settler(self.database), contacts, self.media, pace, clock)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return (self.answers.pop(0) if self.answers else accepted)(request)

    async def contact(self, sender: From = From(phone="5214425550163")) -> str:
        message = Inbound(
            channel="whatsapp", provider_id="w", sender=sender, sent_at=Clock().now(), kind=Kind.TEXT, text="hola"
        )
        return (await self.ingest.store(Delivery([message]))).contacts[0]

    async def send(self, message: Outbound, contact: str | None = None) -> OutboxRow:
        await self.outbox.enqueue(contact or await self.contact(), "whatsapp", [Draft("k", message)])
        [letter] = await self.outbox.claim("whatsapp", 1)
        await self.sender.send(letter)
        return await self.row()

    async def row(self) -> OutboxRow:
        async with self.database.read() as session:
            return (await session.scalars(select(OutboxRow).where(OutboxRow.key == "k"))).one()

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(r.content) for r in self.requests if r.url.path.endswith("/messages")]


@pytest.fixture
def desk(sqlite: Database, redis: Redis) -> Desk:
    return Desk(sqlite, redis)


async def test_accepted(desk: Desk) -> None:
    row = await desk.send(Text(body="hola"))
    assert (row.status, row.provider_id, row.parts_sent) == ("sent", "wamid.out", 1)
    [body] = desk.bodies()
    assert (body["to"], body["biz_opaque_callback_data"]) == ("+5214425550163", str(row.id))
    assert desk.requests[0].headers["authorization"] == "Bearer token"


async def test_a_hidden_phone_is_written_to_by_its_bsuid(desk: Desk) -> None:
    await desk.send(Text(body="hola"), await desk.contact(From(bsuid="MX.rosa")))
    [body] = desk.bodies()
    assert body["recipient"] == "MX.rosa"
    assert "to" not in body


@pytest.mark.parametrize(
    ("answer", "status", "attempts"),
    [
        (refused(131056), "pending", 1),
        (refused(130429), "pending", 1),
        (refused(4), "pending", 1),
        (refused(131057, 500), "pending", 1),
        (refused(131026), "failed", 0),
        (refused(100), "failed", 0),
        (refused(131050), "failed", 0),
        (refused(190, 401), "failed", 0),
        (refused(131047), "expired", 0),
        (refused(131000, 500), "unknown", 1),
        (refused(2, 503), "unknown", 1),
        (lambda _: httpx.Response(502, text="bad gateway"), "unknown", 1),
        (lambda _: httpx.Response(200, text="not json"), "unknown", 1),
        (lambda _: httpx.Response(200, json={"messages": []}), "unknown", 1),
        (broken(httpx.ReadTimeout), "unknown", 1),
        (broken(httpx.ConnectError), "pending", 1),
        (broken(httpx.ConnectTimeout), "pending", 1),
    ],
)
async def test_every_kind_of_no(desk: Desk, answer: Answer, status: str, attempts: int) -> None:
    desk.answers = [answer]
    row = await desk.send(Text(body="hola"))
    assert (row.status, row.attempts) == (status, attempts)
    assert len(desk.requests) == 1


async def test_a_long_text_goes_on_where_it_stopped(desk: Desk) -> None:
    desk.answers = [accepted, refused(130429)]
    row = await desk.send(Text(body="palabra " * 1000))
    assert (row.status, row.parts_sent) == ("pending", 1)
    async with desk.database.begin() as session:
        held = await session.get(OutboxRow, row.id)
        assert held is not None
        held.not_before = row.created_at
    [letter] = await desk.outbox.claim("whatsapp", 1)
    await desk.sender.send(letter)
    assert (await desk.row()).status == "sent"
    sent = [body["biz_opaque_callback_data"] for body in desk.bodies()]
    assert sent == [str(row.id), f"{row.id}.1", f"{row.id}.1"]


async def test_a_file_is_uploaded_once_and_again_when_it_is_lost(desk: Desk) -> None:
    media = await desk.media.put(b"png", "image/png", "a.png")

    def upload(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"id": "up1"})

    desk.answers = [upload, refused(131053)]
    row = await desk.send(Image(media=media))
    assert row.status == "pending"
    assert await desk.media.upload_of(media, "whatsapp") is None
    assert desk.bodies()[0]["image"] == {"id": "up1"}


async def test_an_upload_that_fails_is_tried_again(desk: Desk) -> None:
    media = await desk.media.put(b"png", "image/png", "a.png")
    desk.answers = [broken(httpx.ReadTimeout)]
    assert (await desk.send(Image(media=media))).status == "pending"


async def test_a_missing_file_fails(desk: Desk) -> None:
    row = await desk.send(Image(media="gone"))
    assert (row.status, row.error) == ("failed", "media")


@pytest.mark.parametrize(
    ("code", "expected"), [(131047, Verdict.WINDOW), (250, Verdict.ALARM), (135000, Verdict.FINAL)]
)
def test_verdicts(code: int, expected: Verdict) -> None:
    assert verdict(code) is expected


def test_the_pair_limit_waits_four_to_the_n() -> None:
    assert [wait(131056, n).total_seconds() for n in range(5)] == [1, 4, 16, 64, 64]


async def test_the_number_is_paced_for_all_processes_together(redis: Redis) -> None:
    paces = [Pace(redis, "106", 40), Pace(redis, "106", 40)]
    at: list[float] = []

    async def send(pace: Pace) -> None:
        await pace.my_turn()
        at.append(asyncio.get_running_loop().time())

    await asyncio.gather(*(send(paces[n % 2]) for n in range(60)))
    at.sort()
    assert max(sum(1 for other in at if start <= other < start + 1) for start in at) <= 40


async def test_one_person_is_not_flooded(redis: Redis) -> None:
    pace = Pace(redis, "106", 80)
    waits = [await pace.pair_wait("rosa") for _ in range(PAIR_BURST + 1)]
    assert waits[:-1] == [0.0] * PAIR_BURST
    assert 5 < waits[-1] <= 6
    assert await pace.pair_wait("luis") == 0.0


async def test_without_redis_it_still_sends_slowly() -> None:
    pace = Pace(Redis.from_url("redis://127.0.0.1:1/0"), "106", 80)
    assert await pace.pair_wait("rosa") == 0.0
    await pace.my_turn()


def files_of(desk: Desk) -> Files:
    return Files(desk.client, desk.media, 1000, pause=0.0)


def located(**more: Any) -> Answer:
    given = {"url": "https://lookaside.fbsbx.com/x", "mime_type": "application/pdf", **more}
    return lambda _request: httpx.Response(200, json=given)


def content(raw: bytes) -> Answer:
    return lambda _request: httpx.Response(200, content=raw)


PDF = b"%PDF-1.4 x"
POINTER = MediaPointer(provider_id="9", mime="image/png", filename="../../etc/x.pdf")


async def test_a_stale_address_is_asked_for_anew(desk: Desk) -> None:
    desk.answers = [located(), lambda _: httpx.Response(404), located(), content(PDF)]
    fetched = await files_of(desk).fetch(POINTER, "c")
    medium = await desk.media.get(fetched.media_id or "", "c")
    assert (medium.mime, medium.filename) == ("application/pdf", "x.pdf")


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ([located(file_size=2000)], "too_big"),
        ([located(), content(b"x" * 1001)], "too_big"),
        ([located(url="https://evil.example/x")], "host"),
        ([located(url="http://lookaside.fbsbx.com/x")], "host"),
        ([located(sha256="00"), content(PDF)] * 3, "checksum"),
        ([located(), lambda _: httpx.Response(302, headers={"location": "https://evil.example"})] * 3, "unavailable"),
        ([located(mime_type="image/png"), content(b"no picture")], "unreadable"),
        ([refused(131052)] * 3, "unavailable"),
    ],
)
async def test_files_that_are_not_taken(desk: Desk, answers: list[Answer], error: str) -> None:
    desk.answers = list(answers)
    assert (await files_of(desk).fetch(POINTER, "c")).error == error
    assert all(r.url.host in ("graph.example", "lookaside.fbsbx.com") for r in desk.requests)


def test_an_image_bomb_is_refused() -> None:
    header = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (30_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    crc = __import__("zlib").crc32(header[12:]).to_bytes(4, "big")
    with pytest.raises(Unfit):
        real_type(header + crc + b"\x00\x00\x00\x00IDAT\x35\xaf\x06\x1e", "image/png")


@pytest.mark.parametrize(
    ("raw", "said", "mime"),
    [
        (b"OggS....", "audio/ogg; codecs=opus", "audio/ogg"),
        (b"\x00\x00\x00\x18ftypmp42", "audio/mp4", "audio/mp4"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4", "video/mp4"),
        (b"anything", "application/msword", "application/octet-stream"),
    ],
)
def test_types_come_from_the_content(raw: bytes, said: str, mime: str) -> None:
    assert real_type(raw, said) == mime


async def test_the_token_goes_to_meta_only(desk: Desk) -> None:
    with pytest.raises(ValueError, match="host"):
        await desk.client.download(RemoteFile("https://graph.example.evil/x", "", None, None), 10)
    assert desk.requests == []
