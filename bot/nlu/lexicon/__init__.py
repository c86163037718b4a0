"""Wordings kept as data: YAML files that people who know citizens can extend, one wording a line."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from bot.nlu.entities.heard import pattern

Rules = list[tuple[str, "re.Pattern[str]"]]
_FOLDER = Path(__file__).parent


def file_of(name: str) -> Path:
    """Where a lexicon lies."""
    return _FOLDER / f"{name}.yml"


def read_rules(name: str, section: str | None = None) -> Rules:
    """The kinds of one file (or one section of it) in order, each with a pattern of all its wordings."""
    data = yaml.safe_load(file_of(name).read_text(encoding="utf-8"))
    kinds = data[section] if section else data
    return [(str(kind), pattern("|".join(wordings))) for kind, wordings in kinds.items()]


def read_words(name: str) -> dict[str, frozenset[str]]:
    """The word lists of one file, by name."""
    data = yaml.safe_load(file_of(name).read_text(encoding="utf-8"))
    return {kind: frozenset(listed.split()) for kind, listed in data.items()}
