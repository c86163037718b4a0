"""What a request makes of a bare number, and of "los dos recibos"."""

import pytest

from bot.nlu.entities.by_intent import by_intent
from bot.nlu.entities.extract import extract


@pytest.fixture
def understood(gazetteer):
    """(entity, value) pairs of a text, knowing its intent."""
    return lambda text, intent: {(f.entity, f.value) for f in by_intent(extract(text, gazetteer), intent)}


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("los numeritos son 1284", "1284"),
        ("ya chequé y son 0873", "0873"),
        ("dice dos mil quinientos diez", "2510"),
        ("contrato 0455120, me dio 2046", "2046"),
    ],
)
def test_in_a_reading_a_number_is_the_reading(understood, text, reading):
    found = understood(text, "meter_reading")
    assert ("reading_m3", reading) in found
    assert not any(entity == "amount" for entity, _ in found)


@pytest.mark.parametrize(
    ("text", "intent", "amounts"),
    [
        ("350 por favor", "payment_reference", {"350.00"}),
        ("dame una referencia de 200", "payment_reference", {"200.00"}),
        ("mandé 500 en vez de 505", "payment_confirmation", {"500.00", "505.00"}),
        ("de 250 brincó a 850", "consumption_check", {"250.00", "850.00"}),
        ("de 14 a 39?", "consumption_check", set()),
        ("antes 18 m3 y ahora 300", "consumption_check", set()),
        ("pagué el 28", "payment_confirmation", set()),
        ("lo que pagué en 2025", "payment_confirmation", set()),
        ("quiero pagar el 0455120", "payment_reference", set()),
        ("son 350", "greet", set()),
        ("son 350", None, set()),
    ],
)
def test_in_a_payment_a_number_is_the_amount(understood, text, intent, amounts):
    assert {value for entity, value in understood(text, intent) if entity == "amount"} == amounts


@pytest.mark.parametrize(
    ("text", "intent", "which"),
    [
        ("mándame los dos recibos", "bill_request", {"both"}),
        ("ambas facturas porfa", "bill_request", {"both"}),
        ("kiero mis 2 resivos", "bill_request", {"both"}),
        ("los dos recibos de marzo y abril", "bill_request", set()),
        ("los últimos dos recibos", "bill_request", set()),
        ("pagar los dos recibos", "payment_reference", set()),
        ("los dos recibos", None, set()),
    ],
)
def test_two_bills_are_those_of_each_contract_where_bills_are_asked_for(understood, text, intent, which):
    found = understood(text, intent)
    assert {value for entity, value in found if entity == "which"} == which
    assert not any(entity == "bills" for entity, _ in found)
