import pytest

BARE_SIX = {("contract_number", "455123"), ("otp_code", "455123"), ("number", "455123")}


@pytest.mark.parametrize(
    "text",
    ["455123", "455 123", "4 5 5 1 2 3", "45-51-23", "cuatro cinco cinco uno dos tres", "4,5,5,1,2,3"],
)
def test_a_bare_six_digit_number_is_all_it_can_be(found, text):
    assert found(text) == BARE_SIX


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("mi contrato es 455123", "455123"),
        ("contrato: 0455123", "0455123"),
        ("cuenta 4552", "4552"),
        ("mi número es 45512", "45512"),
        ("no. de contrato 455 123", "455123"),
        ("contrato cuatro cinco cinco uno dos tres", "455123"),
        ("455123 es el numero de contrato", "455123"),
        ("num de cuenta cuarenta y cinco cincuenta y uno veintitrés", "455123"),
    ],
)
def test_a_cue_leaves_only_the_contract(found, text, value):
    assert found(text) == {("contract_number", value)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$350", "350.00"),
        ("$ 1,234.50", "1234.50"),
        ("350 pesos", "350.00"),
        ("quinientos pesos con cincuenta", "500.50"),
        ("quinientos pesos con cincuenta centavos", "500.50"),
        ("2 mil 300 pesos", "2300.00"),
        ("mil doscientos varos", "1200.00"),
        ("pagué 350", "350.00"),
        ("ya deposité los 480.75", "480.75"),
        ("son 350 con 50", "350.50"),
        ("nomás quiero abonar 200", "200.00"),
        ("quiero pagar 10 millones", "10000000.00"),
    ],
)
def test_amounts(found, text, value):
    assert found(text) == {("amount", value)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18 m3", "18"),
        ("18m³", "18"),
        ("dieciocho metros cúbicos", "18"),
        ("mi lectura es 01284", "01284"),
        ("marca 1284", "1284"),
        ("1284 es mi lectura", "1284"),
    ],
)
def test_cubic_metres(found, text, value):
    assert found(text) == {("reading_m3", value)}


@pytest.mark.parametrize(
    "text",
    ["442 123 4567", "442-123-4567", "+52 1 442 123 4567", "524421234567", "mi cel es 4421234567", "442 1234567"],
)
def test_telephones(found, text):
    assert found(text) == {("phone", "4421234567")}


def test_a_bare_ten_digit_number_may_be_either(found):
    assert found("4421234567") == {(e, "4421234567") for e in ("phone", "contract_number", "number")}


@pytest.mark.parametrize("text", ["el código es 123456", "mi codigo es 123 456", "123456 es mi codigo"])
def test_codes(found, text):
    assert found(text) == {("otp_code", "123456")}


@pytest.mark.parametrize(
    ("text", "value"),
    [("folio CEA-20418", "CEA-20418"), ("mi reporte o4500001", "O4500001"), ("folio: 20418", "20418")],
)
def test_folios(found, text, value):
    assert ("tracking_number", value) in found(text)
    assert not any(entity in {"number", "contract_number"} for entity, _ in found(text))


@pytest.mark.parametrize(
    "text", ["mi rfc es XAXX010101000", "a las 10:30", "llevo 3 días así", "tengo 2 contratos", "24/7", "50%"]
)
def test_numbers_that_answer_nothing(found, text):
    assert not {entity for entity, _ in found(text)} & {"number", "contract_number", "amount", "otp_code"}


def test_two_numbers_in_one_message(found):
    assert found("pagué 350 del contrato 455123") >= {("amount", "350.00"), ("contract_number", "455123")}


def test_a_bare_contract_in_a_question(found):
    assert ("contract_number", "998877") in found("¿cuánto debo del 998877?")


def test_a_bare_number_beside_a_meter_may_be_a_reading(found):
    assert ("reading_m3", "890") in found("el medidor de mi local va en 890")
    assert "reading_m3" not in {entity for entity, _ in found("es el 890")}


def test_a_comma_after_the_thousands_is_money(found):
    assert found("antes pagaba 180 y ahora 1,900") == {("amount", "180.00"), ("amount", "1900.00")}


def test_a_new_number_of_ten_digits_may_be_a_telephone(found):
    assert ("phone", "4425550104") in found("nuevo numero: 4 4 2 5 5 5 0 1 0 4")


@pytest.mark.parametrize(
    "text",
    ["siento que me están robando", "me vino de mil y pico", "fueron mil ciento y feria", "como doscientos y tantos"],
)
def test_what_only_sounds_like_a_sum_is_none(found, text):
    assert not {"amount", "number"} & {entity for entity, _ in found(text)}


@pytest.mark.parametrize(
    ("text", "value"),
    [("siento cincuenta pesos", "150.00"), ("se puede sacar de a 200 por semana", "200.00")],
)
def test_sums_that_sound_otherwise(found, text, value):
    assert ("amount", value) in found(text)


@pytest.mark.parametrize(
    "text",
    ["no es el 455123, es el 455124", "no 455123 sino 455124", "no era 455123 era el 455124"],
)
def test_what_is_taken_back_is_not_meant(found, text):
    assert {value for _, value in found(text)} == {"455124"}


def test_a_number_that_is_only_denied_is_kept(found):
    assert ("contract_number", "455123") in found("no es el 455123")
