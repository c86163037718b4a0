"""Offices and zones: `data/knowledge/offices.yml`, `data/knowledge/zones.yml`."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process

from services.spelling import fold

EARTH_KM = 6371.0
SERVED = (19.9, 21.8, -100.7, -98.9)  # south, north, west, east of the state, with a margin
SURE, MAYBE = 88, 70


@dataclass(frozen=True)
class Office:
    """Where one can go."""

    name: str
    address: str
    hours: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Zone:
    """A colonia or town, and who serves it."""

    name: str
    municipality: str
    postcode: str | None = None
    served_by: str = "CEA"


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance between (latitude, longitude) pairs."""
    (lat1, lon1), (lat2, lon2) = ((radians(a), radians(b)) for a, b in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def in_the_state(latitude: float, longitude: float) -> bool:
    """Whether a point can be in Querétaro at all; the sea is not."""
    south, north, west, east = SERVED
    return south <= latitude <= north and west <= longitude <= east


class Places:
    """Looks offices and zones up."""

    def __init__(self, offices: Path, zones: Path) -> None:
        listed = yaml.safe_load(offices.read_text(encoding="utf-8"))
        self.offices = [Office(**{k: o[k] for k in Office.__dataclass_fields__}) for o in listed["offices"]]
        self.phone = str(listed["phone"])
        self._zones: dict[str, Zone] = {}
        self._postcodes: dict[str, Zone] = {}
        listed = yaml.safe_load(zones.read_text(encoding="utf-8"))
        served = {m["name"]: str(m.get("served_by", "CEA")) for m in listed["municipalities"]}
        for municipality in listed["municipalities"]:
            self._add(municipality, municipality["name"], served[municipality["name"]])
        for name, entries in listed["localities"].items():
            for entry in entries:
                self._add(entry, name, str(entry.get("served_by") or served.get(name, "CEA")))

    def _add(self, entry: dict[str, Any], municipality: str, served_by: str) -> None:
        zone = Zone(entry["name"], municipality, entry.get("postcode"), served_by)
        for spelling in (zone.name, *entry.get("aliases", ())):
            self._zones.setdefault(fold(spelling), zone)
        if zone.postcode:
            self._postcodes.setdefault(zone.postcode, zone)

    def nearest(self, latitude: float, longitude: float) -> tuple[Office, float]:
        """The closest office and the kilometres to it."""
        ranked = [(distance_km((latitude, longitude), (o.latitude, o.longitude)), o) for o in self.offices]
        km, office = min(ranked, key=lambda pair: pair[0])
        return office, km

    def zone(self, said: str) -> Zone | None:
        """A zone by name or postcode, exactly or nearly."""
        key = fold(said).strip()
        if key in self._postcodes:
            return self._postcodes[key]
        found = process.extractOne(key, list(self._zones), scorer=fuzz.WRatio, score_cutoff=SURE)
        return self._zones[found[0]] if found else None

    def guesses(self, said: str, most: int = 2) -> list[Zone]:
        """Zones that might be meant."""
        found = process.extract(fold(said), list(self._zones), scorer=fuzz.WRatio, limit=6, score_cutoff=MAYBE)
        zones: list[Zone] = []
        for key, _, _ in found:
            if self._zones[key] not in zones:
                zones.append(self._zones[key])
        return zones[:most]
