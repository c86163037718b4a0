"""`data/texts.yml`: every key that code names is there."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r'\btexts\.(?:get|table)\(\s*"([a-z0-9_]+)"')


def test_every_text_that_code_names_exists() -> None:
    texts = yaml.safe_load((ROOT / "data/texts.yml").read_text(encoding="utf-8"))
    sources = [p for folder in ("actions", "services") for p in (ROOT / folder).rglob("*.py")]
    missing = {
        f"{path.relative_to(ROOT)}: {key}"
        for path in sources
        for key in NAMED.findall(path.read_text(encoding="utf-8"))
        if key not in texts
    }
    assert sorted(missing) == []
