"""Which words ask for the invoice of a payment, and which for the bill, whose other name is "factura"."""

from __future__ import annotations

import pytest

from bot.nlu.entities.choices import CHANGES, find_choices
from bot.nlu.entities.heard import heard


def choice(said: str) -> str | None:
    return next((found.value for found in find_choices(heard(said), "choice", CHANGES)), None)


@pytest.mark.parametrize(
    "said",
    [
        "quiero factura",
        "nesesito la factura de mi pago",
        "ya pagué, cómo le hago para facturar?",
        "me puede facturar mi pago porfa",
        "ocupo facturar lo que pagué",
        "necesito cfdi de mi pago",
        "me da factura fiscal por favor",
        "mándenme el complemento de pago",
    ],
)
def test_these_ask_for_the_invoice_of_a_payment(said: str) -> None:
    assert choice(said) == "invoice"


@pytest.mark.parametrize(
    "said", ["mi factura", "la factura de octubre", "mándame la factura", "ya no quiero factura", "cuánto debo"]
)
def test_these_do_not(said: str) -> None:
    assert choice(said) != "invoice"


@pytest.mark.parametrize("said", ["borren mis datos fiscales", "elimina mi rfc", "borra mis datos de facturación"])
def test_fiscal_data_are_deleted_by_themselves(said: str) -> None:
    assert choice(said) == "delete_fiscal"


def test_personal_data_are_another_matter() -> None:
    assert choice("borren mis datos") == "delete_data"
