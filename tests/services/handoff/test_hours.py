"""When people answer: from AGORA, from the file, and what is said of the wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from redis.asyncio import Redis

from services.agora.hours import DeskHours
from services.bootstrap import KNOWLEDGE
from services.clock import FixedClock
from services.handoff.aftercare import estimate
from services.handoff.care import EstimateRule, HoursRule, Waiting
from services.handoff.hours import Week, from_desk, from_rules

MEXICO = ZoneInfo("America/Mexico_City")
RULES = Waiting.read(KNOWLEDGE / "waiting.yml")
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=MEXICO)
HALF_PAST_NINE = TUESDAY.replace(hour=9, minute=30)
SUNDAY_TO_SATURDAY = [
    {"day_of_week": day, "closed_all_day": day in (0, 6), "open_hour": 9, "open_minutes": 30, "close_hour": 18, "close_minutes": 0}
    for day in range(7)
]  # fmt: skip


def hours(week: Week, hour: float, day: int = 0) -> tuple[bool, datetime | None]:
    local = TUESDAY.replace(hour=0) + timedelta(days=day, hours=hour)
    return week.is_open(local), week.opens(local)


def test_the_file_says_when_people_answer() -> None:
    week = from_rules(RULES.hours)
    assert hours(week, 10)[0]
    assert hours(week, 7.9) == (False, TUESDAY.replace(hour=8))
    assert hours(week, 17) == (False, TUESDAY.replace(hour=8) + timedelta(days=1))
    friday_night = hours(week, 22, 3)
    assert friday_night == (False, TUESDAY.replace(hour=8) + timedelta(days=6)), "Monday"


def test_a_closed_day_is_passed_over() -> None:
    rule = RULES.hours.model_copy(update={"closed_on": [TUESDAY.date(), TUESDAY.date() + timedelta(days=1)]})
    assert hours(from_rules(rule), 10) == (False, TUESDAY.replace(hour=8) + timedelta(days=2))
    never = Week((None,) * 7)
    assert hours(never, 10) == (False, None)


def test_agoras_week_begins_on_sunday() -> None:
    week = from_desk({"working_hours_enabled": True, "working_hours": SUNDAY_TO_SATURDAY}, frozenset())
    assert week
    assert hours(week, 9)[1] == TUESDAY.replace(hour=9, minute=30)
    assert not hours(week, 12, 4)[0], "Saturday"
    assert from_desk({"working_hours_enabled": False, "working_hours": []}, frozenset()) is None


@pytest.mark.parametrize("week", [{"monday": "8-17"}, {"lunes": "08:00-17:00"}, {"monday": "17:00-08:00"}])
def test_hours_that_cannot_be_are_refused(week: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"week|day|is not like"):
        HoursRule(source="file", week=week)


def desk(redis: Redis, answer: Any, source: str = "agora") -> DeskHours:
    """AGORA answering, or not."""

    def reply(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/agora/public/api/v1/inboxes/Kq3"
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(200, json=answer)

    http = httpx.AsyncClient(transport=httpx.MockTransport(reply))
    rule = RULES.hours.model_copy(update={"source": source})
    return DeskHours(http, redis, FixedClock(TUESDAY.replace(hour=9)), rule, "http://a/agora/", "Kq3")


async def test_agora_decides_and_is_remembered_when_it_is_down(redis: Redis) -> None:
    down = httpx.ConnectError("no")
    assert await desk(redis, down).closed_until() is None, "the file, as nothing is known"
    says = {"working_hours_enabled": True, "working_hours": SUNDAY_TO_SATURDAY}
    assert await desk(redis, says).closed_until() == HALF_PAST_NINE, "AGORA begins at half past nine"
    await redis.delete("agora:hours:fresh")
    assert await desk(redis, down).closed_until() == HALF_PAST_NINE, "what it said last"
    assert await desk(redis, says, "file").closed_until() is None, "the file, as the rules say so"
    await redis.delete("agora:hours:fresh", "agora:hours:known")
    assert await desk(redis, {"working_hours_enabled": True, "working_hours": [{}]}).closed_until() is None, (
        "unreadable: the file"
    )


async def test_a_desk_that_is_down_is_asked_once_for_one_answer(redis: Redis) -> None:
    asked: list[str] = []

    def reply(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        raise httpx.ConnectError("no")

    http = httpx.AsyncClient(transport=httpx.MockTransport(reply))
    rule = RULES.hours.model_copy(update={"source": "agora"})
    night = FixedClock(TUESDAY.replace(hour=22))
    assert await DeskHours(http, redis, night, rule, "http://a/agora/", "Kq3").closed_until()
    assert len(asked) == 1


RULE = EstimateRule(days=14, least=5, share=0.75, longest_minutes=45)


@pytest.mark.parametrize(
    ("waits", "minutes"),
    [
        ([], None),
        ([(2.0, True)] * 4, None),
        ([(2.0, True)] * 5, 5),
        ([(1.0, True), (2.0, True), (6.2, True), (11.0, True), (40.0, True)], 15),
        ([(2.0, True)] * 6 + [(30.0, False)] * 6, None),
        ([(2.0, True)] * 6 + [(30.0, False)] * 2, 5),
        ([(60.0, True)] * 8, None),
    ],
    ids=["nothing known", "too few", "short", "rounded up", "half gave up", "a few gave up", "too long to be said"],
)
def test_the_estimate_promises_nothing_it_does_not_know(waits: list[tuple[float, bool]], minutes: int | None) -> None:
    assert estimate(waits, RULE) == minutes
