"""The optional sink, against a stand-in that refuses what Matomo's tracking API would not take."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
from fastapi import FastAPI, HTTPException, Request

from services.analytics.events import Analytics, Event
from services.analytics.matomo import Matomo
from services.analytics.tables import AnalyticsRow
from services.clock import FixedClock
from services.storage import Database

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
KNOWN = {"idsite", "rec", "apiv", "send_image", "_id", "url", "e_c", "e_a", "e_n", "e_v", "cdt", "rand"}


@dataclass
class FakeMatomo:
    """`matomo.php` in bulk; `down` answers 503."""

    hits: list[dict[str, str]] = field(default_factory=list)
    down: bool = False

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/m/matomo.php")
        async def track(request: Request) -> dict[str, Any]:
            if self.down:
                raise HTTPException(503)
            body = await request.json()
            for one in body["requests"]:
                self.hits.append(self._checked(one, body.get("token_auth")))
            return {"status": "success", "tracked": len(body["requests"]), "invalid": 0}

        return app

    @staticmethod
    def _checked(query: str, token: str | None) -> dict[str, str]:
        hit = {name: values[0] for name, values in parse_qs(query.removeprefix("?"), strict_parsing=True).items()}
        good = query.startswith("?") and set(hit) <= KNOWN and hit["rec"] == "1" and hit["idsite"].isdigit()
        good = good and bool(re.fullmatch("[0-9a-f]{16}", hit["_id"])) and bool(hit["e_c"] and hit["e_a"])
        good = good and ("cdt" not in hit or (token == "t0ken" and bool(datetime.fromisoformat(hit["cdt"]))))
        if not good:
            raise HTTPException(400)
        return hit


def sink(database: Database, fake: FakeMatomo) -> Matomo:
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=fake.app()))
    return Matomo(database, http, "http://stats/m/", 3, "t0ken", "https://maria.example/chat")


async def test_events_go_once_in_order_from_when_it_was_switched_on(sqlite: Database) -> None:
    fake, book = FakeMatomo(), Analytics(sqlite, FixedClock(NOON), "p")
    matomo = sink(sqlite, fake)
    await book.record("c1", "t0", [Event("heard", "greet", value=0.9)])
    assert await matomo.push() == 0, "what was before stays here"
    await book.record("c1", "t1", [Event("handoff", "dispute", "bill_request"), Event("rated", "dispute", value=4.0)])
    assert await matomo.push() == 2
    assert await matomo.push() == 0
    first, second = fake.hits
    assert (first["e_c"], first["e_a"], first["e_n"]) == ("handoff", "dispute", "bill_request")
    assert (second["e_c"], second["e_v"], second["cdt"]) == ("rated", "4", "2026-11-24 18:00:00")
    assert first["_id"] == second["_id"] == book.person("c1")
    assert "c1" not in str([{k: v for k, v in hit.items() if k != "_id"} for hit in fake.hits])


async def test_a_matomo_that_is_down_costs_nothing_and_gets_it_later(sqlite: Database) -> None:
    fake, book = FakeMatomo(), Analytics(sqlite, FixedClock(NOON), "p")
    matomo = sink(sqlite, fake)
    await matomo.push()
    await book.record("c1", "t1", [Event("done", "balance_inquiry")])
    fake.down = True
    assert await matomo.push() == 0
    fake.down = False
    assert await matomo.push() == 1
    assert [hit["e_a"] for hit in fake.hits] == ["balance_inquiry"]


async def test_two_workers_do_not_send_the_same(database: Database) -> None:
    fake, book = FakeMatomo(), Analytics(database, FixedClock(NOON), "p")
    one, other = sink(database, fake), sink(database, fake)
    await one.push()
    await book.record("c1", "t1", [Event("done", "balance_inquiry")])
    assert sorted(await asyncio.gather(one.push(), other.push())) == [0, 1]
    assert await other.push() == 0
    assert len(fake.hits) == 1


async def test_whoever_died_sending_keeps_others_away_for_a_minute_only(sqlite: Database) -> None:
    fake, book = FakeMatomo(), Analytics(sqlite, FixedClock(NOON), "p")
    matomo = sink(sqlite, fake)
    await matomo.push()
    await book.record("c1", "t1", [Event("done", "balance_inquiry")])
    matomo.wall = FixedClock(NOON)
    assert await matomo._claim() is not None  # and dies
    assert await matomo.push() == 0
    matomo.wall = FixedClock(NOON + timedelta(seconds=61))
    assert await matomo.push() == 1


async def test_a_database_that_is_away_for_a_moment_ends_nothing(sqlite: Database) -> None:
    matomo = sink(sqlite, FakeMatomo())
    await matomo.push()
    async with sqlite.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE analytics_events RENAME TO elsewhere")
    assert await matomo.push() == 0
    async with sqlite.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO analytics_events")
    await Analytics(sqlite, FixedClock(NOON), "p").record("c1", "t1", [Event("done", "balance_inquiry")])
    assert await matomo.push() == 1


async def test_an_event_that_is_written_long_is_not_left_out_by_those_that_overtake_it(database: Database) -> None:
    fake, book = FakeMatomo(), Analytics(database, FixedClock(NOON), "p")
    matomo = sink(database, fake)
    matomo.writers_take = 0.1
    await matomo.push()
    async with database.begin() as slow:
        slow.add(AnalyticsRow(key="slow", at=NOON, person="0" * 16, kind="done", name="slow"))
        await slow.flush()  # it has its id, and is not there for others
        overtaking = asyncio.create_task(book.record("c1", "t1", [Event("done", "quick")]))
        if not database.is_sqlite:  # where one writes at a time, nobody overtakes
            await overtaking
            assert await matomo.push() == 0
    await overtaking
    assert await matomo.push() == 2
    assert [hit["e_a"] for hit in fake.hits] == ["slow", "quick"]
