"""Parts go through the pipeline behind their message, and what they say comes out with it."""

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.parts.components import PART_AS, PART_AT, REST, AddParts, TakeParts
from bot.understanding import read_understanding

SURE = read_understanding().start


@pytest.fixture
def made():
    context = ExecutionContext(GraphSchema({}), node_name="node")
    return lambda kind: kind.create({}, None, Resource("r"), context)


def test_the_halves_come_out_with_their_message(made):
    whole = Message({TEXT: "cuánto debo y mándame el recibo"})
    read = made(AddParts).process([whole])
    assert [m.get(TEXT) for m in read] == ["cuánto debo y mándame el recibo", "cuánto debo", "mándame el recibo"]
    read[2].set(ENTITIES, [{"entity": "x", "value": "y", "start": 0, "end": 7}])
    assert made(TakeParts).process(read) == [whole]
    first, second = whole.as_dict(only_output_properties=True)["requests"]
    assert first["text"] == "cuánto debo"
    assert second["entities"] == [{"entity": "x", "value": "y", "start": 14, "end": 21}]
    assert whole.get(TEXT)[14:21] == "mándame"


def test_a_message_of_one_request_is_not_touched(made):
    whole = Message({TEXT: "cuánto debo"})
    assert made(TakeParts).process(made(AddParts).process([whole])) == [whole]
    assert "requests" not in whole.as_dict(only_output_properties=True)


def test_a_burst_is_read_line_by_line_too(made):
    whole = Message({TEXT: "gracias\n\n  cuánto debo \nmándame el recibo"})
    read = made(AddParts).process([whole])
    assert made(TakeParts).process(read) == [whole]
    said = whole.as_dict(only_output_properties=True)
    assert [line["text"] for line in said["lines"]] == ["gracias", "cuánto debo", "mándame el recibo"]
    assert [part["text"] for part in said["requests"]] == ["gracias\n\n  cuánto debo", "mándame el recibo"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("gracias\ncuánto debo\nmándame el recibo", 5),
        ("hola\ncuánto debo", 3),
        ("hola\ncuánto debo\nmándame el recibo", 5),
        ("hola, cuánto debo y mándame el recibo", 4),
    ],
)
def test_what_is_a_part_in_two_ways_is_read_once(made, text, read):
    texts = [m.get(TEXT) for m in made(AddParts).process([Message({TEXT: text})])]
    assert len(texts) == len(set(texts)) == read


def test_the_halves_hold_no_greeting(made):
    whole = Message({TEXT: "hola, cuánto debo y mándame el recibo"})
    assert made(TakeParts).process(made(AddParts).process([whole])) == [whole]
    assert [part["text"] for part in whole.get("requests")] == ["cuánto debo", "mándame el recibo"]


def test_every_message_keeps_its_own_parts(made):
    first, second = Message({TEXT: "hola, cuánto debo"}), Message({TEXT: "cuánto debo y mándame el recibo"})
    read = made(AddParts).process([first, second])
    assert [m.get(PART_AS) for m in read] == [None, [REST], None, ["requests"], ["requests"]]
    assert made(TakeParts).process(read) == [first, second]
    assert first.get("requests") is None
    assert len(second.get("requests")) == 2


def understood(text, intent, confidence, **more):
    return Message({TEXT: text, INTENT: {"name": intent, "confidence": confidence}, ENTITIES: [], **more})


def rest(text, intent, confidence, **more):
    return understood(text, intent, confidence, **{PART_AT: 6, PART_AS: [REST], **more})


def heard_as(made, whole, after):
    (message,) = made(TakeParts).process([whole, after])
    return message.get(INTENT)["name"]


def test_what_follows_the_greeting_speaks_for_a_message_taken_for_one(made):
    number = {"entity": "contract_number", "value": "455123", "start": 14, "end": 20}
    after = rest("cuánto debo del 455123", "balance_inquiry", 0.9, **{ENTITIES: [number]})
    (message,) = made(TakeParts).process([understood("hola, cuánto debo del 455123", "greet", 0.9), after])
    assert message.get(INTENT) == {"name": "balance_inquiry", "confidence": 0.9}
    assert [(e["start"], e["end"]) for e in message.get(ENTITIES)] == [(20, 26)]


def test_it_speaks_for_a_message_surely_taken_for_nothing(made):
    unsure = understood("hola, cuánto debo", "tariff_question", SURE - 0.01)
    assert heard_as(made, unsure, rest("cuánto debo", "balance_inquiry", 0.9)) == "balance_inquiry"


def test_it_is_silent_where_it_says_nothing_or_the_message_was_understood(made):
    weak = rest("mi casa", "balance_inquiry", SURE - 0.01)
    assert heard_as(made, understood("hola, mi casa", "greet", 0.9), weak) == "greet"
    polite = rest("gracias", "thanks", 0.9)
    assert heard_as(made, understood("hola, gracias", "greet", 0.9), polite) == "greet"
    other = rest("pagar", "payment_reference", 0.9)
    assert heard_as(made, understood("hola, ya pagué", "payment_confirmation", 0.9), other) == "payment_confirmation"
