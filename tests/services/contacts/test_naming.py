"""What a contract is to be called and whether it is to be taken off, from what was said."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.bootstrap import KNOWLEDGE
from services.contacts.naming import Naming, called
from services.contacts.service import LinkedContract

NAMING = Naming.read(KNOWLEDGE / "contracts.yml")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("ponle taller al 0090420", "taller"),
        ("ponle casa de mi mamá al contrato 455123", "casa de mi mamá"),
        ("guarda el 0090420 como el local", "el local"),
        ("el 455123 se llama «rancho»", "rancho"),
        ("Llámalo Rancho", "Rancho"),
        ("agrega el 455123", None),
        ("ponle al 455123", None),
        ("ponle mi casita la que está en la esquina del centro", "mi casita la que está en"),
    ],
)
def test_a_nickname_ends_where_the_contract_begins(said: str, name: str | None) -> None:
    assert NAMING.nickname(said) == name


@pytest.mark.parametrize(
    ("said", "removed"),
    [
        ("Quítame el 455123", True),
        ("elimínelo por favor", True),
        ("ya no quiero ver ese contrato", True),
        ("agrega el 455123", False),
        ("es mi equipaje", False),
    ],
)
def test_taking_off_is_heard_by_how_its_word_begins(said: str, removed: bool) -> None:
    assert NAMING.removes(said) is removed


def test_a_designer_adds_a_wording_in_the_file_alone(tmp_path: Path) -> None:
    known = (KNOWLEDGE / "contracts.yml").read_text(encoding="utf-8")
    more = known.replace("remove: [", "remove: [olvid, ").replace("name_after: [", "name_after: [bautízalo, ")
    (tmp_path / "contracts.yml").write_text(more.replace("at: [", "at: [toma, "), encoding="utf-8")
    naming = Naming.read(tmp_path / "contracts.yml")
    assert naming.removes("olvida el 455123")
    assert naming.nickname("bautízalo la quinta de la toma 455123") == "la quinta"


MINE = [
    LinkedContract("0033160", "depa", active=True),
    LinkedContract("0090420", "Taller de mamá", active=False),
    LinkedContract("455123", None, active=False),
]


@pytest.mark.parametrize(
    ("said", "contract"),
    [
        ("y del DEPA?", "0033160"),
        ("no, era el taller de mama", "0090420"),
        ("el departamento", None),
        ("el depa y el taller de mamá", None),
        ("", None),
    ],
)
def test_a_contract_is_called_by_its_nickname(said: str, contract: str | None) -> None:
    found = called(said, MINE)
    assert (found.contract if found else None) == contract
