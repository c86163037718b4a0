"""What follows a greeting is read by itself, and speaks for the message where that was taken for a greeting alone."""

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.greeting import LONGEST, REST_AT, AfterGreeting, Greeting, after_greeting


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("hola buenas tardes oiga me llego carisimo el recibo", "me llego carisimo el recibo"),
        ("Hola, buenas tardes señorita: quiero mi recibo", "quiero mi recibo"),
        ("wenas tardes kuanto devo", "kuanto devo"),
        ("hola\nbuenas\nuna pregunta\ncuanto debo", "cuanto debo"),
        ("Buen día, disculpe la molestia, ¿a qué hora abren?", "¿a qué hora abren?"),
        ("hola 0064410", "0064410"),
        ("hola", None),
        ("buenas tardes señorita.", None),
        ("cuánto debo, buenas tardes", None),
        ("/greet", None),
        ("", None),
        ("hola " + "x" * LONGEST, None),
    ],
)
def test_the_words_after_the_greeting(text, rest):
    start = after_greeting(text)
    assert (None if start is None else text[start:].lstrip("¿ ")) == (rest and rest.lstrip("¿ "))


def understood(text, intent, confidence, **more):
    return Message({TEXT: text, INTENT: {"name": intent, "confidence": confidence}, ENTITIES: [], **more})


@pytest.fixture
def made():
    context = ExecutionContext(GraphSchema({}), node_name="node")
    return lambda kind: kind.create({}, None, Resource("r"), context)


def heard_as(made, whole, rest):
    (message,) = made(AfterGreeting).process([whole, rest])
    return message.get(INTENT)["name"]


def test_the_rest_goes_through_the_pipeline_behind_its_message(made):
    read = made(Greeting).process([Message({TEXT: "hola, cuánto debo"}), Message({TEXT: "cuánto debo"})])
    assert [(m.get(TEXT), m.get(REST_AT)) for m in read] == [
        ("hola, cuánto debo", None),
        ("cuánto debo", 6),
        ("cuánto debo", None),
    ]


def test_it_speaks_for_a_message_taken_for_a_greeting_and_for_one_taken_for_nothing(made):
    number = {"entity": "contract_number", "value": "455123", "start": 14, "end": 20}
    rest = understood("cuánto debo del 455123", "balance_inquiry", 0.9, **{REST_AT: 6, ENTITIES: [number]})
    (message,) = made(AfterGreeting).process([understood("hola, cuánto debo del 455123", "greet", 0.9), rest])
    assert message.get(INTENT) == {"name": "balance_inquiry", "confidence": 0.9}
    assert [(e["start"], e["end"]) for e in message.get(ENTITIES)] == [(20, 26)]
    assert heard_as(made, understood("hola, cuánto debo", "tariff_question", 0.4), rest) == "balance_inquiry"


def test_it_is_silent_where_it_says_nothing_or_the_message_was_understood(made):
    weak = understood("mi casa", "balance_inquiry", 0.3, **{REST_AT: 6})
    assert heard_as(made, understood("hola, mi casa", "greet", 0.9), weak) == "greet"
    polite = understood("gracias", "thanks", 0.9, **{REST_AT: 6})
    assert heard_as(made, understood("hola, gracias", "greet", 0.9), polite) == "greet"
    other = understood("pagar", "payment_reference", 0.9, **{REST_AT: 6})
    assert heard_as(made, understood("hola, ya pagué", "payment_confirmation", 0.9), other) == "payment_confirmation"
