"""Every text that code asks for by name exists: a missing one is a crash in front of a citizen."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
ASKED = re.compile(r"texts\.(?:get|table)\(\s*\"([a-z0-9_]+)\"")


def test_every_text_that_is_asked_for_exists() -> None:
    known = set(yaml.safe_load((ROOT / "data" / "texts.yml").read_text(encoding="utf-8")))
    sources = [p for folder in ("actions", "services", "runtime") for p in (ROOT / folder).rglob("*.py")]
    asked = {key: path.name for path in sources for key in ASKED.findall(path.read_text(encoding="utf-8"))}
    assert len(asked) > 40, "the search still finds what it should"
    assert {key: name for key, name in asked.items() if key not in known} == {}
