"""Events are kept once and without a trace of who; the report says what became of errands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.analytics.events import Analytics, Event, Happened
from services.analytics.report import build, runs
from services.analytics.significance import Share
from services.clock import FixedClock
from services.storage import Database

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


def at(minutes: float, person: str, kind, name: str, detail: str | None = None, value: float | None = None) -> Happened:
    return Happened(NOON + timedelta(minutes=minutes), person, Event(kind, name, detail, value))


async def test_a_replayed_turn_counts_once_and_nobody_can_be_read(database: Database) -> None:
    book = Analytics(database, FixedClock(NOON), "pepper")
    events = [Event("heard", "balance_inquiry", value=0.9), Event("step", "balance_inquiry")]
    assert await book.record("contact-1", "t1", events) == 2
    assert await book.record("contact-1", "t1", events) == 0
    assert await book.record("contact-2", "t1", events[:1]) == 1
    kept = await book.between(NOON, NOON + timedelta(seconds=1))
    assert len(kept) == 3
    assert "contact" not in "".join(h.person for h in kept)
    assert book.person("contact-1") != Analytics(database, FixedClock(NOON), "other").person("contact-1")
    assert await book.between(NOON - timedelta(hours=1), NOON) == []


async def test_old_events_are_dropped(sqlite: Database) -> None:
    await Analytics(sqlite, FixedClock(NOON - timedelta(days=401)), "p").record("c", "t", [Event("heard", "greet")])
    book = Analytics(sqlite, FixedClock(NOON), "p")
    await book.drop_older()
    assert await book.between(NOON - timedelta(days=500), NOON) == []


def test_runs_end_fail_are_left_or_still_open() -> None:
    events = [
        at(0, "a", "step", "bill_request"),
        at(3, "a", "done", "bill_request"),
        at(4, "a", "failed", "payment_reference"),
        at(5, "a", "step", "service_request"),
        at(300, "a", "step", "service_request"),
        at(301, "a", "ended", "service_request"),
        at(590, "b", "step", "bill_request"),
    ]
    found = {(r.person, r.errand, r.outcome): r.minutes for r in runs(events, NOON + timedelta(minutes=600))}
    assert found == {
        ("a", "bill_request", "done"): 3,
        ("a", "payment_reference", "failed"): 0,
        ("a", "service_request", "abandoned"): 0,
        ("a", "service_request", "ended"): 1,
        ("b", "bill_request", "open"): 0,
    }


def test_the_report() -> None:
    events = [
        at(0, "a", "heard", "balance_inquiry", value=0.8),
        at(0, "a", "exposed", "payment_methods_order", "oxxo_first"),
        at(1, "a", "done", "balance_inquiry"),
        at(2, "b", "heard", "handoff_request", value=1.0),
        at(2, "b", "handoff", "handoff_request", "bill_request"),
        at(2, "b", "exposed", "payment_methods_order", "spei_first"),
        at(25 * 60, "b", "heard", "balance_inquiry"),
        at(25 * 60, "b", "exposed", "payment_methods_order", "oxxo_first"),
    ]
    report = build(sorted(events, key=lambda h: h.at), NOON + timedelta(days=3))
    assert (report.conversations, report.handed_over) == (3, 1)
    assert report.containment == 1 - 1 / 3
    assert report.intents[0] == ("balance_inquiry", 2, 0.8)
    assert report.reasons == [("handoff_request", 1)]
    assert [(d, n, p) for d, n, p in report.days] == [("2026-11-24", 2, 1), ("2026-11-25", 1, 0)]
    compared = report.comparisons[0]
    assert (compared.variants, compared.verdict) == (("oxxo_first", "spei_first"), "too_few")
    assert [(s.hits, s.people) for s in compared.shares] == [(1, 1), (0, 1)]
    assert build([], NOON).containment is None


def test_ratings_corrections_and_tickets() -> None:
    events = [
        at(0, "a", "ticket", "dispute"),
        at(1, "b", "rated", "asked", value=5.0),
        at(2, "c", "rated", "asked", value=2.0),
        at(3, "c", "checked", "balance_inquiry", "bill_request", value=0.0),
        at(4, "d", "checked", "balance_inquiry", "balance_inquiry", value=1.0),
    ]
    report = build(events, NOON, [("tariff_question", "tariff_question")])
    assert (report.ratings.stars, report.ratings.mean) == ((0, 1, 0, 0, 1), 3.5)
    assert report.ratings.content == Share(1, 2)
    assert report.ratings.by_reason == (("asked", 2, 3.5),)
    assert report.tickets == [("dispute", 1)]
    assert report.handed_over == 1
    assert [(c.intent, c.share) for c in report.checked] == [
        ("balance_inquiry", Share(1, 2)),
        ("tariff_question", Share(1, 1)),
    ]
    assert report.checked_all == Share(2, 3)
    assert build([], NOON).ratings.mean is None
