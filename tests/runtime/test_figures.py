"""The operators' page and its files."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import httpx
from fastapi import FastAPI
from prometheus_client import REGISTRY

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
        assert "Ver mi recibo" in page
        assert "50 %" in page
        assert "<script>" not in page
        assert (await http.get("report.json")).json()["containment"] == 0.5
        rows = list(csv.DictReader(io.StringIO((await http.get("errands.csv")).text)))
        assert (rows[0]["errand"], rows[0]["done"], rows[0]["resolution"]) == ("bill_request", "1", "1.0")
        assert len((await http.get("events.csv")).text.splitlines()) == 4
        assert (await http.get("", params={"days": 0})).status_code == 422


async def test_ratings_tickets_and_corrections_are_shown_and_counted(sqlite: Database) -> None:
    book, app = Analytics(sqlite, FixedClock(NOON), "p"), FastAPI()
    app.include_router(figures.build(book, FixedClock(datetime(2026, 11, 24, 19, 0, tzinfo=UTC)), Labels()))  # type: ignore[arg-type]
    before = REGISTRY.get_sample_value("maria_rating_count", {"reason": "dispute"}) or 0
    await book.record("c1", "t1", [Event("ticket", "dispute"), Event("rated", "dispute", value=4.0)])
    await book.record("c2", "rating:e", [Event("rated", "dispute", value=1.0)], anew=True)
    await book.record("c2", "rating:e", [Event("rated", "dispute", value=5.0)], anew=True)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://w/figures/") as http:
        page, report = (await http.get("")).text, (await http.get("report.json")).json()
    assert report["rating"] == 4.5, "the second rating of an episode stands for the first"
    assert report["containment"] == 0.5, "a ticket goes to a person too"
    assert "<b>4.5</b>de 5" in page
    assert "tariff_question" in page
    assert report["checked_all"] == {"hits": 1, "people": 1}
    assert REGISTRY.get_sample_value("maria_rating_count", {"reason": "dispute"}) == before + 3


class Labels:
    """What designers labelled."""

    async def judged(self, start: datetime, end: datetime) -> list[tuple[str, str]]:
        return [("tariff_question", "tariff_question")]


async def test_a_quiet_day_between_two_busy_ones_is_a_day_and_what_is_open_is_no_failure(sqlite: Database) -> None:
    clock, app = FixedClock(NOON), FastAPI()
    book = Analytics(sqlite, clock, "p")
    await book.record("c1", "t1", [Event("heard", "greet")])
    clock.advance(days=2)
    await book.record("c1", "t2", [Event("step", "service_request")])
    app.include_router(figures.build(book, FixedClock(datetime(2026, 11, 26, 18, 1, tzinfo=UTC))))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://w/figures/") as http:
        report, page = (await http.get("report.json")).json(), (await http.get("")).text
        assert list(csv.DictReader(io.StringIO((await http.get("errands.csv")).text)))[0]["resolution"] == ""
    assert [day[:2] for day in report["days"]] == [["2026-11-24", 1], ["2026-11-25", 0], ["2026-11-26", 1]]
    assert ">0 %" not in page
