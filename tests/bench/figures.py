"""Figures beside their budgets, and how they are printed and kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

AT_THE_RATE = 0.9  # the pace keeps a margin below the provider's limit on purpose (channels/whatsapp/pace.py)


@dataclass(frozen=True)
class Figure:
    """One measured figure; `measured` must not be above `budget`, or with `at_least` not (much) below it."""

    what: str
    measured: float
    budget: float
    unit: str
    detail: str = ""
    at_least: bool = False

    @property
    def ratio(self) -> float:
        """Measured over budget."""
        return self.measured / self.budget if self.budget else self.measured

    @property
    def met(self) -> bool:
        """Whether the budget is kept."""
        if self.at_least:
            return self.ratio >= AT_THE_RATE
        return self.measured <= self.budget


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile; infinite if there is nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("inf")


def spread(values: Sequence[float], factor: float = 1000, unit: str = "ms") -> str:
    """`p50 12, p95 30, p99 41 ms of 900`."""
    shown = ", ".join(
        f"p{round(100 * s)} {percentile(values, s) * factor:.{_digits(unit)}f}" for s in (0.5, 0.95, 0.99)
    )
    return f"{shown} {unit} of {len(values)}"


def _digits(unit: str) -> int:
    return 0 if unit == "ms" else 2


def table(figures: Sequence[Figure]) -> str:
    """One line a figure."""
    width = max(len(f.what) for f in figures)
    head = f"{'':{width}}  {'measured':>10}  {'budget':>9}  {'ratio':>5}"
    lines = [head]
    for f in figures:
        sign = "≥" if f.at_least else "≤"
        numbers = f"{_number(f.measured, f.unit):>10}  {sign + _number(f.budget, f.unit):>9}  {f.ratio:5.2f}"
        lines.append(f"{f.what:{width}}  {numbers}  {'ok    ' if f.met else 'MISSED'}  {f.detail}")
    return "\n".join(lines)


def _number(value: float, unit: str) -> str:
    digits = 0 if unit in ("ms", "MB", "lost") or value >= 100 else 2
    return f"{value:.{digits}f} {unit}"


def keep(figures: Sequence[Figure], path: Path, about: dict[str, object]) -> None:
    """A copy for programs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{**asdict(f), "ratio": round(f.ratio, 3), "met": f.met} for f in figures]
    path.write_text(json.dumps({**about, "figures": rows}, ensure_ascii=False, indent=2), encoding="utf-8")
