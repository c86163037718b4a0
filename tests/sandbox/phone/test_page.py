import asyncio
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import zxingcpp
from PIL import Image

from sandbox.app import build_app
from sandbox.data import SandboxData
from sandbox.live import stream
from sandbox.phone.router import STATIC
from sandbox.world import World

FILES = sorted(p for p in STATIC.rglob("*") if p.is_file())


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build_app(World(SandboxData())))
    async with httpx.AsyncClient(transport=transport, base_url="http://s") as client:
        yield client


async def test_the_page_and_every_file_it_names(http: httpx.AsyncClient) -> None:
    page = await http.get("/")
    assert page.status_code == 200
    assert 'lang="es-MX"' in page.text
    for path in re.findall(r'(?:href|src)="(/phone/static/[^"]+)"', page.text):
        assert (await http.get(path)).status_code == 200, path


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_no_file_is_long_or_calls_another_host(path: Path) -> None:
    words = path.read_text(encoding="utf-8")
    assert len(words.splitlines()) < 300
    hosts = set(re.findall(r"https?://([\w.-]+)", words)) - {"www.w3.org"}
    assert hosts == set()
    assert "innerHTML" not in words.replace("without innerHTML", "")


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix == ".js"], ids=lambda p: p.name)
def test_every_import_exists(path: Path) -> None:
    for name in re.findall(r'from "(\./[\w.]+)"', path.read_text(encoding="utf-8")):
        assert (path.parent / name).is_file(), name


@pytest.mark.parametrize("path", ["../router.py", "%2e%2e/router.py", "none.js", "css"])
async def test_nothing_else_is_served(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(f"/phone/static/{path}")).status_code == 404


@pytest.mark.parametrize("name", ["leak.jpg", "meter.jpg", "ticket.jpg", "sticker.webp", "bill.jpg"])
async def test_ready_made_pictures(http: httpx.AsyncClient, name: str) -> None:
    answer = await http.get(f"/phone/samples/{name}", params={"contract": "455123"})
    image = Image.open(io.BytesIO(answer.content))
    assert answer.headers["content-type"] == Image.MIME[image.format or ""]
    assert min(image.size) >= 512


async def test_the_bill_photo_can_be_read(http: httpx.AsyncClient) -> None:
    answer = await http.get("/phone/samples/bill.jpg", params={"contract": "0052087"})
    assert [c.text for c in zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.content)))] == ["0052087"]


async def test_the_voice_note_is_ogg_opus(http: httpx.AsyncClient) -> None:
    answer = await http.get("/phone/samples/voice.ogg")
    assert answer.headers["content-type"] == "audio/ogg; codecs=opus"
    assert answer.content.startswith(b"OggS")
    assert b"OpusHead" in answer.content[:64]
    assert (await http.get("/phone/samples/none.jpg")).status_code == 404


class OpenPage:
    """A request whose page stays open."""

    async def is_disconnected(self) -> bool:
        return False


async def test_events_reach_the_page() -> None:
    world = World(SandboxData())
    events = stream(world, OpenPage())  # type: ignore[arg-type]
    assert (await anext(events)).startswith(":")
    waiting = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0.01)
    world.feed.publish({"type": "whatsapp.message", "chat": "ñ"})
    assert await waiting == 'data: {"type": "whatsapp.message", "chat": "ñ"}\n\n'
    await events.aclose()  # type: ignore[attr-defined]
