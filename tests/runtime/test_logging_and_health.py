"""Logs hold nothing personal; health tells the truth."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator

import httpx
import pytest
import structlog
from fastapi import FastAPI
from redis.asyncio import Redis

from runtime.health import build, database_check, redis_check
from runtime.logging import blot, configure_logging
from services.storage import Database


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict]]]:
    out, root = io.StringIO(), logging.getLogger()
    before, level = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stdout", out)
    configure_logging("INFO")
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_personal_fields_are_dropped_and_numbers_blotted(lines) -> None:
    structlog.get_logger("x").info("seen", contact="a" * 32, phone="4425550163", detail="to +52 442 555 0163, a@b.mx")
    logging.getLogger("lib").warning("call for %s failed", "5214425550163")
    try:
        raise ValueError("cannot send to 5214425550163")
    except ValueError:
        structlog.get_logger("x").error("crashed", exc_info=True)
    logging.getLogger("httpx").info("GET https://x/5214425550163")
    first, second, third = lines()
    assert (first["event"], first["contact"], first["detail"]) == ("seen", "a" * 32, "to #, #")
    assert "phone" not in first
    assert second["event"] == "call for # failed"
    assert "5550163" not in json.dumps(third)
    assert "cannot send to #" in third["exception"]


@pytest.mark.parametrize(("text", "clean"), [("code 131047", "code 131047"), ("12345678", "#"), ("2026", "2026")])
def test_blot(text: str, clean: str) -> None:
    assert blot(text) == clean


async def test_health(sqlite: Database, redis: Redis) -> None:
    async def down() -> bool:
        raise RuntimeError("secret")

    app = FastAPI()
    app.include_router(build({"database": database_check(sqlite), "redis": redis_check(redis), "rasa": down}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:
        assert (await http.get("/health/live")).json() == {"status": "ok"}
        ready = await http.get("/health/ready")
        assert ready.status_code == 503
        assert ready.json()["checks"] == {"database": True, "redis": True, "rasa": False}
        assert "python_info" in (await http.get("/metrics")).text
