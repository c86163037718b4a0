"""What a contract is to be called, from what was said."""

from __future__ import annotations

import pytest

from actions.add_contract import nickname


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("ponle taller al 0090420", "taller"),
        ("ponle casa de mi mamá al contrato 455123", "casa de mi mamá"),
        ("guarda el 0090420 como el local", "el local"),
        ("el 455123 se llama «rancho»", "rancho"),
        ("agrega el 455123", None),
        ("ponle al 455123", None),
        ("ponle mi casita la que está en la esquina del centro", "mi casita la que está en"),
    ],
)
def test_a_nickname_ends_where_the_contract_begins(said: str, name: str | None) -> None:
    assert nickname(said) == name
