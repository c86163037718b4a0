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
from services.clock import Clock
from services.review.service import Review

MOST_DAYS = 400
Days = Annotated[int, Query(ge=1, le=MOST_DAYS)]


def build(analytics: Analytics, clock: Clock, review: Review | None = None) -> APIRouter:
    """The page, the report as JSON, and both tables as CSV. `review`: where designers' labels are."""
    router = APIRouter(prefix="/figures")
    pages = Environment(loader=FileSystemLoader(Path(__file__).parent / "pages"), autoescape=True)

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
        rows = [{**asdict(e), "resolution": round(e.resolution, 4)} for e in (await report(days)).errands]
        return _csv("errands", rows)

    @router.get("/events.csv")
    async def events(days: Days = 30) -> Response:
        now = clock.now()
        found = await analytics.between(now - timedelta(days=days), now)
        return _csv("events", ({"at": h.at.isoformat(), "person": h.person, **asdict(h.event)} for h in found))

    return router


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
