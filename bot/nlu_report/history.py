"""Earlier measurements, one JSON file a model, for comparison."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.nlu_report.cases import Answer
from bot.nlu_report.model import Identity


@dataclass(frozen=True)
class Verdict:
    """What one model said about one sentence."""

    text: str
    truth: str
    said: str
    confidence: float
    right: bool


@dataclass(frozen=True)
class Summary:
    """One model measured: figures and verdicts by set of sentences (`fresh`, `eval`)."""

    model: Identity
    measured_at: str
    figures: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    verdicts: Mapping[str, Sequence[Verdict]] = field(default_factory=dict)


def summarise(
    model: Identity, answers: Mapping[str, Sequence[Answer]], figures: Mapping[str, Mapping[str, float]], now: datetime
) -> Summary:
    """What is kept of a measurement."""
    verdicts = {
        name: [Verdict(a.case.text, a.case.intent, a.intent, round(a.confidence, 4), a.right) for a in group]
        for name, group in answers.items()
    }
    return Summary(model, now.isoformat(timespec="seconds"), figures, verdicts)


def keep(folder: Path, summary: Summary) -> Path:
    """Write the model's file; measured again, the newer figures stay."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{summary.model.id}.json"
    path.write_text(json.dumps(asdict(summary), ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def read(path: Path) -> Summary:
    """A kept file.

    Raises:
        ValueError: it is not one of ours.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        verdicts = {name: [Verdict(**v) for v in group] for name, group in raw["verdicts"].items()}
        return Summary(Identity(**raw["model"]), raw["measured_at"], raw["figures"], verdicts)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is not a summary of an earlier report") from error


def previous(folder: Path, model: Identity) -> Summary | None:
    """The model measured last before this one; None for the first."""
    kept = [read(path) for path in folder.glob("*.json") if path.stem != model.id]
    return max(kept, key=lambda summary: summary.measured_at, default=None)


def flips(now: Summary, before: Summary, name: str) -> tuple[list[tuple[Verdict, Verdict]], ...]:
    """Sentences of a set that both models were asked, as (before, now): those now right, those now wrong."""
    old = {v.text: v for v in before.verdicts.get(name, ())}
    both: list[tuple[Any, Any]] = [(old[v.text], v) for v in now.verdicts.get(name, ()) if v.text in old]
    better = [pair for pair in both if pair[1].right and not pair[0].right]
    worse = [pair for pair in both if pair[0].right and not pair[1].right]
    return better, worse
