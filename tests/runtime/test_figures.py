"""The operators' page and its files."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import httpx
from fastapi import FastAPI

from runtime import figures
from services.analytics.events import Analytics, Event
from services.clock import FixedClock
from services.storage import Database

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


async def test_page_and_files(sqlite: Database) -> None:
    early, clock = FixedClock(NOON), FixedClock(datetime(2026, 11, 24, 19, 0, tzinfo=UTC))
    book, app = Analytics(sqlite, early, "p"), FastAPI()
    app.include_router(figures.build(book, clock))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://w/figures/") as http:
        assert "Todavía no hay sucesos" in (await http.get("")).text
        await book.record("c1", "t1", [Event("heard", "<script>", value=0.5), Event("done", "bill_request")])
        await book.record("c2", "t2", [Event("handoff", "handoff_request")])
        page = (await http.get("", params={"days": 7})).text
        assert "bill_request" in page
        assert "50 %" in page
        assert "<script>" not in page
        assert (await http.get("report.json")).json()["containment"] == 0.5
        rows = list(csv.DictReader(io.StringIO((await http.get("errands.csv")).text)))
        assert (rows[0]["errand"], rows[0]["done"], rows[0]["resolution"]) == ("bill_request", "1", "1.0")
        assert len((await http.get("events.csv")).text.splitlines()) == 4
        assert (await http.get("", params={"days": 0})).status_code == 422
