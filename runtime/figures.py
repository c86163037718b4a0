"""`/figures/` on the worker's operations port: what happened in conversations, for operators on this machine."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader

from services.analytics.events import Analytics
from services.analytics.report import Report
from services.analytics.report import build as build_report
from services.bootstrap import DATA, KNOWLEDGE
from services.clock import Clock
from services.handoff.rules import Rules
from services.knowledge.texts import Texts
from services.review.service import Review

MOST_DAYS = 400
Days = Annotated[int, Query(ge=1, le=MOST_DAYS)]


def build(analytics: Analytics, clock: Clock, review: Review | None = None) -> APIRouter:
    """The page, the report as JSON, and both tables as CSV. `review`: where designers' labels are."""
    router = APIRouter(prefix="/figures")
    pages = Environment(loader=FileSystemLoader(Path(__file__).parent / "pages"), autoescape=True)
    known = names()
    pages.filters["named"] = lambda name: known.get(name, name)

    async def report(days: int) -> Report:
        now = clock.local()
        start = now - timedelta(days=days)
        judged = await review.judged(start, now) if review else []
        return build_report(await analytics.between(start, now), now, judged)

    @router.get("/", response_class=HTMLResponse)
    async def page(days: Days = 30) -> str:
        return pages.get_template("figures.html").render(report=await report(days), days=days)

    @router.get("/report.json")
    async def as_json(days: Days = 30) -> dict[str, Any]:
        found = await report(days)
        return {**asdict(found), "containment": found.containment, "rating": found.ratings.mean}

    @router.get("/errands.csv")
    async def errands(days: Days = 30) -> Response:
        rows = [{**asdict(e), "resolution": _rounded(e.resolution)} for e in (await report(days)).errands]
        return _csv("errands", rows)

    @router.get("/events.csv")
    async def events(days: Days = 30) -> Response:
        now = clock.now()
        found = await analytics.between(now - timedelta(days=days), now)
        return _csv("events", ({"at": h.at.isoformat(), "person": h.person, **asdict(h.event)} for h in found))

    return router


def names() -> dict[str, str]:
    """What operators read instead of our names: errands, intents, reasons and levels; each has one name everywhere."""
    rules, texts = Rules.read(KNOWLEDGE / "handoff.yml"), Texts(DATA / "texts.yml")
    reasons = {name: reason.title for name, reason in rules.reasons.items()}
    return {**rules.note["levels"], **reasons, **texts.table("intent_names"), **texts.table("errand_titles")}


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _csv(name: str, rows: Iterable[dict[str, Any]]) -> Response:
    """A file with a head line; nothing at all is an empty file."""
    out, writer = io.StringIO(), None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(out, list(row))
            writer.writeheader()
        writer.writerow(row)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)
