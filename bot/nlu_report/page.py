"""The report as one HTML page, for people who know citizens rather than code. The words are in `page.html`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.nlu_report import plots
from bot.nlu_report.cases import TEN, Answer
from bot.nlu_report.history import Summary, flips
from bot.nlu_report.measure import (
    Same,
    Understanding,
    confusions,
    entity_counts,
    labelled_kinds,
    per_intent,
    share,
    started_wrongly,
)
from bot.nlu_report.targets import TARGETS
from bot.sentences.twins import key

EXAMPLES = 12
TITLES = {"fresh": "frases nuevas", "eval": "frases de desarrollo"}
NOTES = {
    "fresh": "La cifra honrada: nadie eligió nada mirando estas frases.",
    "eval": "Con estas se compararon modelos mientras se desarrollaba: su cifra sale un poco favorecida.",
}


def render(
    now: Summary,
    before: Summary | None,
    answers: Mapping[str, Sequence[Answer]],
    understanding: Understanding,
    same: Same,
    trained_on: frozenset[str],
) -> str:
    """The whole page. `trained_on`: keys of the training sentences (`bot.sentences.twins.key`)."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    sets = [
        _numbers(name, group, now, before)
        | _pictures(group, now.figures[name], understanding)
        | _sentences(group, understanding, same, trained_on)
        for name, group in answers.items()
    ]
    page = environment.get_template("page.html")
    rows = [_row(measure, now, before, list(answers)) for measure in TARGETS]
    return page.render(now=now, before=before, rows=rows, sets=sets, start=f"{understanding.start * 100:.0f} %")


def _row(measure: str, now: Summary, before: Summary | None, names: Sequence[str]) -> dict[str, Any]:
    target = TARGETS[measure]
    cells = []
    for name in names:
        value, old = now.figures[name][measure], _earlier(before, name, measure)
        met = target.met(value)
        cell = {"now": target.show(value), "css": _css(met), "mark": {True: " ✓", False: " ✗", None: ""}[met]}
        cell |= {"compared": before is not None, "before": "", "change": "", "change_css": ""}
        if old is not None:
            cell |= {"before": target.show(old), "change": target.show_change(value, old)}
            cell["change_css"] = _css(target.better(value, old))
        cells.append(cell)
    return {"name": target.name, "bound": target.show_bound(), "cells": cells}


def _earlier(before: Summary | None, name: str, measure: str) -> float | None:
    return before.figures.get(name, {}).get(measure) if before else None


def _css(good: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[good]


def _numbers(name: str, group: Sequence[Answer], now: Summary, before: Summary | None) -> dict[str, Any]:
    better, worse = flips(now, before, name) if before else ([], [])
    intents = [
        {"name": intent, "count": count, "strict": 100 * strict, "percent": 100 * lenient}
        for intent, (count, strict, lenient) in per_intent(group).items()
    ]
    return {
        "name": name,
        "title": TITLES.get(name, name),
        "note": NOTES.get(name, ""),
        "count": len(group),
        "compared": before is not None,
        "better": better,
        "worse": worse,
        "intents": intents,
        "ece": f"{now.figures[name]['calibration_error'] * 100:.1f} puntos",
    }


def _pictures(group: Sequence[Answer], figures: Mapping[str, float], sure: Understanding) -> dict[str, Any]:
    return {
        "reliability": plots.reliability(group),
        "histogram": plots.histogram(group, sure.start, sure.clarify),
        "outside": plots.outside_curve(group, figures["outside_caught"], figures["real_refused"]),
        "times": plots.times(group, TARGETS["ms_p95"].bound or 0.0),
    }


def _sentences(
    group: Sequence[Answer], understanding: Understanding, same: Same, trained_on: frozenset[str]
) -> dict[str, Any]:
    entities = entity_counts(group, same)
    return {
        "confusions": [
            {"truth": truth, "said": said, "count": len(wrong), "examples": wrong[:EXAMPLES]}
            for (truth, said), wrong in confusions(group)
        ],
        "started": [a for a in group if started_wrongly(a, understanding)],
        "entities": [{"name": n, "cases": c.right + c.missed, "counts": c} for n, c in entities.items()],
        "entity_misses": _entity_misses(group, same),
        "seen": _without_those_seen(group, trained_on),
    }


def _without_those_seen(group: Sequence[Answer], trained_on: frozenset[str]) -> dict[str, Any] | None:
    """The accuracy on sentences that are not among the training ones word for word; None where none is."""
    unseen = [a for a in group if key(a.case.text) not in trained_on]
    if len(unseen) == len(group):
        return None
    ten = [a for a in unseen if a.case.intent in TEN]
    figures = {"all": share(unseen, lambda a: a.right), "ten": share(ten, lambda a: a.right)}
    return {"count": len(group) - len(unseen), **{k: f"{v * 100:.1f} %" for k, v in figures.items()}}


def _entity_misses(group: Sequence[Answer], same: Same) -> list[dict[str, str]]:
    kinds = labelled_kinds(group)
    misses = []
    for answer in group:
        counts = entity_counts([answer], same, kinds)
        if any(c.wrong or c.missed for c in counts.values()):
            found = ", ".join(f"{s.entity}={s.value}" for s in answer.spans if s.entity in kinds)
            labelled = ", ".join(f"{e.entity}={e.value}" for e in answer.case.entities)
            misses.append({"text": answer.case.text, "labelled": labelled, "found": found})
    return misses
