"""The places of `data/knowledge/zones.yml`, found by sound and with typos. Pure but for reading the file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process

from bot.nlu.entities.heard import Heard, words

ZONES = Path(__file__).parents[3] / "data" / "knowledge" / "zones.yml"
LONGEST_NAME = 5  # words
_ARTICLES = words("la el los las")


@dataclass(frozen=True)
class Place:
    """A name as CEA writes it; `common` names are also ordinary words."""

    name: str
    common: bool = False


@dataclass
class Gazetteer:
    """Places by the sound of their names and aliases."""

    by_sound: dict[str, Place] = field(default_factory=dict)
    _by_first_letter: dict[str, dict[str, Place]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, spelling: str, place: Place) -> None:
        """Make a place findable by one spelling; the first place of a name keeps it."""
        sound = Heard(spelling).line
        if sound not in self.by_sound:
            self.by_sound[sound] = place
            bare = without_articles(sound)
            self._by_first_letter[bare[0]].setdefault(bare, place)

    def exact(self, sound: str) -> Place | None:
        """The place that sounds exactly so."""
        return self.by_sound.get(sound)

    def like(self, bare: str, cutoff: float) -> tuple[Place, float] | None:
        """The most similar place and the similarity (0–100) of a name without articles.

        First letters are rarely mistyped, and a name is never shorter than what is taken for it.
        """
        names = self._by_first_letter.get(bare[0], {})
        close = process.extractOne(bare, names.keys(), scorer=fuzz.ratio, score_cutoff=cutoff)
        if not close or close[0].count(" ") < bare.count(" "):
            return None
        return names[close[0]], close[1]


def without_articles(sound: str) -> str:
    """The name without the articles around it, or all of it where nothing else is left."""
    spoken = sound.split()
    while len(spoken) > 1 and spoken[0] in _ARTICLES:
        spoken = spoken[1:]
    return " ".join(spoken)


def read_gazetteer(path: Path = ZONES) -> Gazetteer:
    """Read the places; raises OSError or yaml.YAMLError where the file is missing or broken."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    gazetteer = Gazetteer()
    for entry in _entries(data):
        place = Place(entry["name"], bool(entry.get("common")))
        for spelling in ([] if entry.get("by_alias") else [entry["name"]]) + list(entry.get("aliases", ())):
            gazetteer.add(str(spelling), place)
            bare = str(spelling).split(" ", 1)
            if bare[0] in {"El", "La", "Los", "Las"} and len(bare) == 2 and " " in bare[1]:
                gazetteer.add(bare[1], place)
    return gazetteer


def _entries(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from data["municipalities"]
    for places in data["localities"].values():
        yield from places
