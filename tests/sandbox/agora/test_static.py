"""The page's files: short, from this host only, every import there, nothing that could run what somebody wrote."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

import sandbox.phone
from sandbox.agora.routes.page import STATIC

FILES = sorted(p for p in STATIC.rglob("*") if p.is_file())
PHONE = Path(sandbox.phone.__file__).parent / "static"
LINKED = {"maps.google.com", "www.google.com", "maps.app.goo.gl"}  # what an agent may open, never loaded


async def test_the_page_and_every_file_it_names(api: httpx.AsyncClient) -> None:
    page = await api.get("http://sandbox/agora/")
    assert page.status_code == 200
    assert 'lang="es-MX"' in page.text
    for path in re.findall(r'(?:href|src)="/(agora|phone)/static/([^"]+)"', page.text):
        assert ((STATIC if path[0] == "agora" else PHONE) / path[1]).is_file(), path


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_no_file_is_long_or_calls_another_host(path: Path) -> None:
    words = path.read_text(encoding="utf-8")
    assert len(words.splitlines()) < 300
    assert set(re.findall(r"https?://([\w.-]+)", words.replace("\\", ""))) - LINKED <= {"www.w3.org"}
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", words)


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix == ".js"], ids=lambda p: p.name)
def test_every_import_exists(path: Path) -> None:
    for name in re.findall(r'from "([^"]+)"', path.read_text(encoding="utf-8")):
        target = PHONE / name.removeprefix("/phone/static/") if name.startswith("/phone/") else path.parent / name
        assert target.is_file(), name


@pytest.mark.parametrize("path", ["../routes/page.py", "%2e%2e/account.yml", "none.js", "css"])
async def test_nothing_else_is_served(api: httpx.AsyncClient, path: str) -> None:
    assert (await api.get(f"http://sandbox/agora/static/{path}")).status_code == 404


async def test_the_seat_is_for_people_only(api: httpx.AsyncClient) -> None:
    seats = (await api.get("http://sandbox/agora/session")).json()
    assert [s["name"] for s in seats] == ["Laura Méndez", "Jorge Ríos", "Beatriz Solís"]
