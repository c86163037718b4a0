"""Where a message may be two requests."""

import pytest

from bot.nlu.parts.halves import asks, halves
from bot.nlu.parts.place import LONGEST


def both(text):
    return [text[start:end] for start, end in halves(text) or ()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cuánto debo y mándame el recibo", ["cuánto debo", "mándame el recibo"]),
        ("quiero pagar, y también reportar una fuga", ["quiero pagar", "reportar una fuga"]),
        ("cuanto debo\nmandame el resivo xfa", ["cuanto debo", "mandame el resivo xfa"]),
        ("ay una fuga en mi calle. kuanto devo del 455123", ["ay una fuga en mi calle", "kuanto devo del 455123"]),
        ("cuánto debo y quiero hablar con una persona", ["cuánto debo", "quiero hablar con una persona"]),
        ("pásame mi saldo, aparte no tengo agua", ["pásame mi saldo", "no tengo agua"]),
    ],
)
def test_it_is_parted_where_the_second_request_begins(text, expected):
    assert both(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "quiero pagar mi recibo",
        "ya pagué y me cortaron el agua",
        "me llegó muy alto el recibo y quiero saber por qué",
        "hola buenas tardes, cuánto debo",
        "ya pagué y quiero mi recibo",
        "reporté una fuga y quiero saber en qué va mi folio",
        "y el recibo?",
        "también el recibo",
        "/balance_inquiry",
        "",
        "cuánto debo y mándame el recibo " + "x" * LONGEST,
    ],
)
def test_a_single_request_is_left_whole(text):
    assert halves(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cuánto debo", True),
        ("mandame el resivo", True),
        ("hay una fuga en mi calle", True),
        ("ya pagué ayer", False),
        ("me llegó muy alto el recibo", False),
        ("hola buenas", False),
    ],
)
def test_whether_a_line_asks_or_only_tells(text, expected):
    assert asks(text) is expected
