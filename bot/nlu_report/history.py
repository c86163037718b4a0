"""Earlier reports, for comparison."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path


def last_run(folder: Path) -> dict[str, float]:
    """The figures of the report before this one; empty for the first."""
    runs = sorted(folder.glob("*.json"))
    return json.loads(runs[-1].read_text(encoding="utf-8"))["figures"] if runs else {}


def keep_run(folder: Path, model: str, figures: dict[str, float], now: datetime) -> Path:
    """Write the figures beside the earlier ones."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps({"model": model, "figures": figures}, indent=2), encoding="utf-8")
    return path
