"""What María listens for, as data: YAML files that people who know citizens can extend.

This reads them as they are written; `wordings` makes of them what is looked up and searched for by sound.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent


def file_of(name: str) -> Path:
    """Where a lexicon lies."""
    return _FOLDER / f"{name}.yml"


@cache
def read(name: str) -> dict[str, Any]:
    """One file; everything in it is text: "no" is a word here and not a truth value."""
    text = file_of(name).read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes nothing but texts
    return data


def read_words(name: str, section: str | None = None) -> dict[str, frozenset[str]]:
    """The word lists of one file (or of one section of it) by name, as they are spelled."""
    data = read(name)[section] if section else read(name)
    return {kind: frozenset(listed.split()) for kind, listed in data.items()}
