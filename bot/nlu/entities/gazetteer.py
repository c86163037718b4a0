"""The places of `data/knowledge/zones.yml`, found by sound and with typos. Pure but for reading the file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process

from bot.nlu.entities.heard import Heard

ZONES = Path(__file__).parents[3] / "data" / "knowledge" / "zones.yml"
LONGEST_NAME = 5  # words


@dataclass(frozen=True)
class Place:
    """A name as CEA writes it; `common` names are also ordinary words."""

    name: str
    common: bool = False


@dataclass
class Gazetteer:
    """Places by the sound of their names and aliases."""

    by_sound: dict[str, Place] = field(default_factory=dict)
    _by_first_letter: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, spelling: str, place: Place) -> None:
        """Make a place findable by one spelling; the first place of a name keeps it."""
        sound = Heard(spelling).line
        if sound not in self.by_sound:
            self.by_sound[sound] = place
            self._by_first_letter[sound[0]].append(sound)

    def exact(self, sound: str) -> Place | None:
        """The place that sounds exactly so."""
        return self.by_sound.get(sound)

    def like(self, sound: str, cutoff: float) -> tuple[Place, float] | None:
        """The most similar place and the similarity (0–100); first letters are rarely mistyped."""
        close = process.extractOne(
            sound, self._by_first_letter.get(sound[0], ()), scorer=fuzz.ratio, score_cutoff=cutoff
        )
        return (self.by_sound[close[0]], close[1]) if close else None


def read_gazetteer(path: Path = ZONES) -> Gazetteer:
    """Read the places; raises OSError or yaml.YAMLError where the file is missing or broken."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    gazetteer = Gazetteer()
    for entry in _entries(data):
        place = Place(entry["name"], bool(entry.get("common")))
        for spelling in (entry["name"], *entry.get("aliases", ())):
            gazetteer.add(str(spelling), place)
            bare = str(spelling).split(" ", 1)
            if bare[0] in {"El", "La", "Los", "Las"} and len(bare) == 2 and " " in bare[1]:
                gazetteer.add(bare[1], place)
    return gazetteer


def _entries(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from data["municipalities"]
    for places in data["localities"].values():
        yield from places
