"""`data/channel_texts.yml`: the channel's own words, and the words by which people point at an option."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

PATH = Path(__file__).parents[2] / "data" / "channel_texts.yml"


@dataclass(frozen=True)
class Lexicon:
    """What designers can change without touching code."""

    notice_working: str
    notice_delayed: str
    list_button: str
    choose: str
    otherwise: str
    ordinals: dict[str, int]
    fillers: frozenset[str]
    yes_emojis: frozenset[str]
    no_emojis: frozenset[str]

    @classmethod
    def read(cls, path: Path = PATH) -> Lexicon:
        """Read the file.

        Raises:
            KeyError: a text is missing.
        """
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return cls(
            notice_working=data["notice_working"],
            notice_delayed=data["notice_delayed"],
            list_button=data["list_button"],
            choose=data["choose"],
            otherwise=data["otherwise"],
            ordinals=dict(data["ordinals"]),
            fillers=frozenset(data["fillers"]),
            yes_emojis=frozenset(data["yes_emojis"]),
            no_emojis=frozenset(data["no_emojis"]),
        )
