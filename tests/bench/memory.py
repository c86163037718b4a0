"""Memory of all processes of the demo."""

from __future__ import annotations

from tests.bench.figures import Figure
from tests.bench.whole import Whole

BUDGET = 2500  # MB


async def measure(whole: Whole) -> list[Figure]:
    """The sum of RSS, with PSS (shared pages counted once) where the kernel tells it."""
    resident, proportional, shown = 0.0, 0.0, []
    for name, family in whole.processes().items():
        rss = sum(p.memory_info().rss for p in family) / 1e6
        proportional += sum(getattr(p.memory_full_info(), "pss", 0) for p in family) / 1e6
        resident += rss
        shown.append(f"{name} {rss:.0f}")
    return [Figure("memory of the whole, RSS", resident, BUDGET, "MB", f"PSS {proportional:.0f}; " + ", ".join(shown))]
