import pytest

from bot.nlu.entities.heard import heard
from bot.nlu.entities.period import find_periods


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("juan.perez@gmail.com", "juan.perez@gmail.com"),
        ("JUAN@Hotmail.COM", "juan@hotmail.com"),
        ("juan punto perez arroba gmail punto com", "juan.perez@gmail.com"),
        ("ana_ruiz @ hotmail . com", "ana_ruiz@hotmail.com"),
        ("ana guion bajo ruiz arroba yahoo.com.mx", "ana_ruiz@yahoo.com.mx"),
        ("es ana@gmailcom", "ana@gmail.com"),
        ("mi correo es ana@cea.gob.mx. gracias", "ana@cea.gob.mx"),
    ],
)
def test_emails(found, text, value):
    assert ("email", value) in found(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("el recibo de enero", "month:01"),
        ("enero del 2025", "month:2025-01"),
        ("recibo 03/2025", "month:2025-03"),
        ("el del mes pasado", "relative:-1"),
        ("este mes", "relative:0"),
        ("hace dos meses", "relative:-2"),
        ("los últimos seis recibos", "last:6"),
        ("mi último recibo", "last"),
        ("todo el año 2025", "year:2025"),
        ("el año pasado", "year:2025"),
        ("disiembre", "month:12"),
        ("octubre del año pasado", "month:2025-10"),
        ("recibos 2024", "year:2024"),
    ],
)
def test_periods(text, value):
    assert [f.value for f in find_periods(heard(text), this_year=2026)] == [value]


@pytest.mark.parametrize("text", ["fuga en av 5 de febrero", "calle 16 de septiembre", "ago lo que puedo", "marque"])
def test_streets_and_verbs_are_not_months(text):
    assert not list(find_periods(heard(text)))


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("en el oxo", "payment_method", "oxxo"),
        ("con tarjeta de crédito", "payment_method", "card"),
        ("por transferencia", "payment_method", "spei"),
        ("tarjeta del banco", "payment_method", "card"),
        ("en efectivo", "payment_method", "cash"),
        ("cargo automático a mi tarjeta", "payment_method", "autopay"),
        ("mándenlo por whats", "channel", "whatsapp"),
        ("por msj de texto", "channel", "sms"),
        ("por correo electrónico", "channel", "email"),
        ("el segundo", "ordinal", "2"),
        ("el de abajo", "ordinal", "-1"),
        ("la última", "ordinal", "-1"),
        ("opción 3", "ordinal", "3"),
        ("hay una fuja enorme", "service_request_type", "leak"),
        ("se rompió un tubo", "service_request_type", "leak"),
        ("no ay awa", "service_request_type", "no_water"),
        ("llevo 3 dias sin agua", "service_request_type", "no_water"),
        ("sale el agua bien cafe", "service_request_type", "water_quality"),
        ("tengo muy poca presion", "service_request_type", "low_pressure"),
        ("se tapó la coladera", "service_request_type", "sewer"),
        ("mi medidor no gira", "service_request_type", "meter"),
    ],
)
def test_choices(found, text, entity, value):
    assert (entity, value) in found(text)


def test_the_last_bill_is_a_period_not_a_row(found):
    assert "ordinal" not in {entity for entity, _ in found("mándame el último recibo")}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("no hay agua en juriquilla", "Juriquilla"),
        ("no hay agua en jurikiya", "Juriquilla"),
        ("vivo en sivatá", "Zibatá"),
        ("colonia lomas de casablanca", "Lomas de Casa Blanca"),
        ("centro", "Centro Histórico"),
        ("en el centro no hay agua", "Centro Histórico"),
        ("soy de san juan del rio", "San Juan del Río"),
        ("aquí en rancho lindo no cae agua", "rancho lindo"),
        ("en la colonia las Magnolias no hay agua", "las Magnolias"),
        ("76116", "76116"),
        ("c.p. 76146", "76146"),
    ],
)
def test_places(found, text, place):
    assert ("zone", place) in found(text)


@pytest.mark.parametrize(
    "text",
    ["estoy al centro de la duda", "fuga en calle Constituyentes", "la cruz que cargo", "quiero pagar", "en mi casa"],
)
def test_words_that_are_not_places(found, text):
    assert "zone" not in {entity for entity, _ in found(text)}


@pytest.mark.parametrize(
    "text", ["la casa de mi mamá", "fui al banco", "en las plantas", "soy don refugio", "en Querétaro"]
)
def test_ordinary_words_are_not_misspelt_places(found, text):
    assert "zone" not in {entity for entity, _ in found(text)}


@pytest.mark.parametrize(
    ("text", "choice"),
    [("quiero cambiar mi correo", "email"), ("actualizar mi celular", "phone"), ("ya no quiero papel", "paperless_on")],
)
def test_what_is_to_be_changed_is_a_choice_not_a_channel(found, text, choice):
    said = found(text)
    assert ("choice", choice) in said
    assert "channel" not in {entity for entity, _ in said}


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("cuánto es por 30 m3 para negocio", "commercial"),
        ("la tarifa comercial", "commercial"),
        ("cuánto cuesta el agua en mi casa", "domestic"),
        ("tarifa domestica", "domestic"),
    ],
)
def test_what_the_water_is_for(found, text, use):
    assert ("use", use) in found(text)


@pytest.mark.parametrize("text", ["está frente al oxxo", "un trámite del banco", "deme la clave"])
def test_landmarks_and_errands_elsewhere_are_no_way_to_pay(found, text):
    assert "payment_method" not in {entity for entity, _ in found(text)}


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("cuánto debo de los dos", "both"),
        ("los dos", "both"),
        ("y de los tres?", "all"),
        ("el saldo de todos mis contratos", "all"),
        ("y del otro?", "other"),
        ("no, el otro contrato", "other"),
    ],
)
def test_which_of_ones_contracts(found, text, which):
    assert ("which", which) in found(text)


@pytest.mark.parametrize(
    "text",
    ["los dos recibos", "quiero pagar los dos meses", "el otro día pagué", "las dos llaves gotean", "el otro lado"],
)
def test_other_pairs_are_no_contracts(found, text):
    assert "which" not in {entity for entity, _ in found(text)}


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("el del Oxxo de la Pradera me pide una referencia", "La Pradera"),
        ("el agua del pozo de Colón", "Colón"),
        ("soy de La Fuente, Tequisquiapan", "La Fuente"),
        ("ando por Zituní", "Zituní"),
    ],
)
def test_places_after_what_stands_in_them(found, text, zone):
    assert ("zone", zone) in found(text)


def test_a_person_is_no_place(found):
    assert "zone" not in {entity for entity, _ in found("me dijeron que preguntara por el ingeniero Olvera")}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a qué cuenta deposito", "spei"),
        ("pagué con la app de mi banco", "spei"),
        ("no tengo efectivo, por transferencia", "spei"),
        ("me siguen cobrando del banco", "bank"),
    ],
)
def test_ways_of_paying_said_around_them(found, text, value):
    assert {v for e, v in found(text) if e == "payment_method"} == {value}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("there's water bubbling up from the sidewalk", "leak"),
        ("un carro tumbó la toma de agua", "leak"),
        ("así sale de la llave, con animalitos", "water_quality"),
        ("me podrían subir la presión?", "low_pressure"),
        ("la llave de la calle está rota y sale harta", "leak"),
        ("sale muy café", "water_quality"),
        ("un señor conectado a la red sin medidor", "other"),
        ("hay un socavón en la esquina", "other"),
    ],
)
def test_faults_told_in_other_words(found, text, kind):
    assert ("service_request_type", kind) in found(text)


def test_a_folio_whose_letter_stands_apart(found):
    assert ("tracking_number", "F7731") in found("folio F 7731, quiero saber en qué va")
