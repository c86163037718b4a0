"""Formats, frequent questions, places and tariffs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import yaml

from services.bootstrap import DATA, KNOWLEDGE
from services.clock import FixedClock
from services.knowledge.faq import Faq
from services.knowledge.formats import Formats
from services.knowledge.places import Places, in_the_state
from services.knowledge.tariffs import NoTariff, Tariffs, quote
from services.knowledge.texts import Texts

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)  # 12:00 in Querétaro


@pytest.fixture
def formats() -> Formats:
    return Formats(FixedClock(NOON), Texts(DATA / "texts.yml"))


def test_money_days_and_hours_as_people_write_them(formats: Formats) -> None:
    assert formats.money(Decimal("1204.5")) == "$1,204.50"
    assert formats.day(date(2026, 12, 11)) == "viernes 11 de diciembre"
    assert formats.day(date(2027, 1, 8)) == "viernes 8 de enero de 2027"
    assert formats.near_day(date(2026, 11, 25)) == "mañana"
    assert formats.moment(datetime(2026, 11, 25, 2, 0, tzinfo=UTC)) == "hoy a las 8 de la noche"
    assert formats.moment(datetime(2026, 11, 24, 19, 0, tzinfo=UTC)) == "hoy a la 1 de la tarde"
    assert formats.moment(datetime(2026, 11, 27, 14, 30, tzinfo=UTC)) == (
        "el viernes 27 de noviembre a las 8:30 de la mañana"
    )
    assert formats.month(date(2026, 10, 1)) == "octubre"
    assert formats.phone("4422110066") == "442 211 0066"


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (72, "quedan 3 días"),
        (47.9, "queda 1 día"),
        (23.9, "quedan 23 horas"),
        (1.5, "queda 1 hora"),
        (0.9, "queda menos de una hora"),
        (-1, "queda menos de una hora"),
    ],
)
def test_time_left_is_rounded_down(formats: Formats, hours: float, said: str) -> None:
    assert formats.time_left(NOON + timedelta(hours=hours)) == said


@pytest.mark.parametrize(
    ("asked", "entry"),
    [
        ("oiga a q hora abren mañana", "hours"),
        ("dnd puedo pagar", "payment_points"),
        ("ocupo los requisitos para contratar", "requirements"),
        ("me dan descuento por ser adulto mayor", "payment_plan"),
        ("me mandan una pipa porfavor", "water_truck"),
    ],
)
def test_frequent_questions_are_found_in_other_words(asked: str, entry: str) -> None:
    found = Faq(KNOWLEDGE / "faq.yml").find(asked)
    assert found
    assert found.id == entry


def test_what_is_like_nothing_finds_nothing() -> None:
    assert Faq(KNOWLEDGE / "faq.yml").find("xqzt wvvk") is None


def test_every_fact_has_a_source_and_a_date() -> None:
    for entry in yaml.safe_load((KNOWLEDGE / "faq.yml").read_text(encoding="utf-8"))["entries"]:
        assert entry["source"]
        assert entry["checked_on"]
        assert len(entry["title"]) <= 24


@pytest.fixture(scope="module")
def places() -> Places:
    return Places(KNOWLEDGE / "offices.yml", KNOWLEDGE / "zones.yml")


def test_zones_with_typos_and_postcodes(places: Places) -> None:
    for said in ("satelite", "Satélite", "lomas de casablanca", "76080"):
        assert places.zone(said), said
    assert places.zone("san juan del rio").served_by == "JAPAM"  # type: ignore[union-attr]
    assert places.zone("xyzzy") is None
    assert places.guesses("los olibos")


def test_the_nearest_office_and_the_sea(places: Places) -> None:
    assert places.nearest(20.5493, -100.4079)[0].name == "Plaza Candiles"
    assert in_the_state(20.6, -100.4)
    assert not in_the_state(0.0, 0.0)


def test_a_price_is_worked_out_line_by_line() -> None:
    tariff = Tariffs(KNOWLEDGE / "tariffs.sandbox.yml").find("domestic", 1)
    result = quote(tariff, 18)
    assert [line.pesos for line in result.lines] == [Decimal("152.00"), Decimal("172.00")]
    assert result.total == Decimal("406.68")
    assert quote(tariff, 0).water == tariff.minimum


def test_without_a_source_no_price_is_quoted() -> None:
    with pytest.raises(NoTariff):
        Tariffs(KNOWLEDGE / "tariffs.yml").find("domestic", 1)


def test_the_phone_in_the_domain_is_the_one_of_the_offices(places: Places, formats: Formats) -> None:
    domain = yaml.safe_load((DATA.parent / "domain.yml").read_text(encoding="utf-8"))
    assert domain["slots"]["tel_cea"]["initial_value"] == formats.phone(places.phone)
