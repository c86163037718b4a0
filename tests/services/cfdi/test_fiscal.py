"""Fiscal data is checked against the SAT's own catalogues, as people type it."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cfdi import fiscal
from services.cfdi.errors import FiscalDataWrong


@pytest.mark.parametrize(
    ("typed", "rfc"),
    [
        ("MALR850612Q74", "MALR850612Q74"),
        (" malr-850612 q74 ", "MALR850612Q74"),
        ("eku9003173c9", "EKU9003173C9"),
        ("TAA170914AB0", "TAA170914AB0"),
    ],
)
def test_an_rfc_is_taken_as_people_write_it(typed: str, rfc: str) -> None:
    assert fiscal.rfc(typed) == rfc


@pytest.mark.parametrize(
    "typed", ["", "hola", "MALR850612Q75", "MALR851312Q74", "XAXX010101000", "XEXX010101000", "MALR850612Q744"]
)
def test_what_is_no_rfc_of_somebody(typed: str) -> None:
    with pytest.raises(FiscalDataWrong) as wrong:
        fiscal.rfc(typed)
    assert str(wrong.value) == "rfc"


def test_regime_use_and_postcode_fit_together() -> None:
    person, company = "MALR850612Q74", "EKU9003173C9"
    assert fiscal.regime("612", person) == "612"
    assert fiscal.regime("601", company) == "601"
    assert fiscal.use("G03", "612") == "G03"
    assert fiscal.use("S01", "616") == "S01"
    assert fiscal.postcode(" 76 110 ") == "76110"
    assert fiscal.name("  rosa   martínez  ") == "ROSA MARTÍNEZ"
    for wrong in (
        lambda: fiscal.regime("601", person),
        lambda: fiscal.regime("612", company),
        lambda: fiscal.regime("999", person),
        lambda: fiscal.use("G03", "616"),
        lambda: fiscal.use("CP01", "612"),
        lambda: fiscal.postcode("00000"),
        lambda: fiscal.postcode("7611"),
        lambda: fiscal.name("7"),
        lambda: fiscal.name("A" * 300),
    ):
        with pytest.raises(FiscalDataWrong):
            wrong()


@given(st.text(max_size=40))
def test_any_text_is_taken_or_refused_and_nothing_else(text: str) -> None:
    for check in (fiscal.rfc, fiscal.name, fiscal.postcode):
        with contextlib.suppress(FiscalDataWrong):
            assert check(text)


def test_a_form_shows_all_that_is_wrong_at_once() -> None:
    right = {"rfc": "malr850612q74", "name": "Rosa  Martinez Luna", "postcode": "76110", "regime": "612", "use": "G03"}
    assert fiscal.looked_at(**right) == (fiscal.checked(**right), [])
    assert fiscal.checked(**right).name == "ROSA MARTINEZ LUNA"
    nothing = dict.fromkeys(right, "")
    assert fiscal.looked_at(**nothing) == (None, list(right))
    assert fiscal.looked_at(**{**right, "regime": "601"})[1] == ["regime"]
    assert fiscal.looked_at(**{**right, "regime": "616"})[1] == ["use"]
    assert fiscal.looked_at(**{**right, "rfc": "MALR850612Q75", "regime": "999"})[1] == ["rfc", "regime"]
