"""The price of water: `data/knowledge/tariffs*.yml`. What has no source is not quoted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import yaml

from services.errors import NotFound


class NoTariff(NotFound):
    """No sourced price for this use and zone."""

    response = "utter_no_tariff"


@dataclass(frozen=True)
class Step:
    """Up to `upto` m³, each at `price` pesos."""

    upto: int
    price: Decimal


@dataclass(frozen=True)
class Tariff:
    """A price table with its source."""

    use: str
    zone: int | None
    steps: tuple[Step, ...]
    minimum: Decimal
    drainage: Decimal
    treatment: Decimal
    vat_on_water: bool
    since: str
    source: str
    is_example: bool


@dataclass(frozen=True)
class Line:
    """One line of a worked-out price: m³ at a price, and the pesos."""

    first: int
    last: int
    price: Decimal
    pesos: Decimal


@dataclass(frozen=True)
class Quote:
    """What so much water costs, line by line."""

    volume: int
    lines: tuple[Line, ...]
    water: Decimal
    drainage: Decimal
    treatment: Decimal
    vat: Decimal

    @property
    def total(self) -> Decimal:
        """Everything."""
        return self.water + self.drainage + self.treatment + self.vat


VAT = Decimal("0.16")


class Tariffs:
    """All price tables."""

    def __init__(self, path: Path) -> None:
        self._tariffs = [_read(t) for t in yaml.safe_load(path.read_text(encoding="utf-8"))["tariffs"] or []]

    def find(self, use: str, zone: int | None) -> Tariff:
        """The table for a use (`domestic`, `commercial`) and a zone.

        Raises:
            NoTariff: none with a source.
        """
        for wanted in (zone, None):
            for tariff in self._tariffs:
                if tariff.use == use and tariff.zone == wanted and tariff.source:
                    return tariff
        raise NoTariff


def quote(tariff: Tariff, volume: int) -> Quote:
    """Work `volume` m³ out."""
    lines: list[Line] = []
    below = 0
    for step in tariff.steps:
        count = max(0, min(volume, step.upto) - below)
        if count:
            lines.append(Line(below + 1, below + count, step.price, _cents(count * step.price)))
        below = step.upto
    water = max(sum((line.pesos for line in lines), Decimal()), tariff.minimum)
    drainage, treatment = _cents(water * tariff.drainage), _cents(water * tariff.treatment)
    taxed = drainage + treatment + (water if tariff.vat_on_water else Decimal())
    return Quote(volume, tuple(lines), water, drainage, treatment, _cents(taxed * VAT))


def _cents(pesos: Decimal) -> Decimal:
    return pesos.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _read(raw: dict[str, object]) -> Tariff:
    steps = tuple(Step(int(s["upto"]), Decimal(str(s["price"]))) for s in raw["steps"])  # type: ignore[attr-defined]
    return Tariff(
        use=str(raw["use"]),
        zone=raw.get("zone"),  # type: ignore[arg-type]
        steps=steps,
        minimum=Decimal(str(raw["minimum"])),
        drainage=Decimal(str(raw["drainage"])),
        treatment=Decimal(str(raw["treatment"])),
        vat_on_water=bool(raw["vat_on_water"]),
        since=str(raw["since"]),
        source=str(raw.get("source") or ""),
        is_example=bool(raw.get("example", False)),
    )
