"""Where a message may be two requests, and what the components make of its halves."""

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.halves import ENDS, LONGEST, asks, halves, lines
from bot.nlu.two_requests import Halves, Requests


def parts(text):
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
    assert parts(text) == expected


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


@pytest.fixture
def made(tmp_path):
    context = ExecutionContext(GraphSchema({}), node_name="node")
    return lambda kind: kind.create({}, None, Resource("r"), context)


def test_the_halves_go_through_the_pipeline_and_come_out_with_their_message(made):
    whole = Message({TEXT: "cuánto debo y mándame el recibo"})
    read = made(Halves).process([whole])
    assert [m.get(TEXT) for m in read] == ["cuánto debo y mándame el recibo", "cuánto debo", "mándame el recibo"]
    read[2].set(ENTITIES, [{"entity": "x", "value": "y", "start": 0, "end": 7}])
    assert made(Requests).process(read) == [whole]
    first, second = whole.as_dict(only_output_properties=True)["requests"]
    assert first["text"] == "cuánto debo"
    assert second["entities"] == [{"entity": "x", "value": "y", "start": 14, "end": 21}]
    assert whole.get(TEXT)[14:21] == "mándame"


def test_a_message_of_one_request_is_not_touched(made):
    whole = Message({TEXT: "cuánto debo"})
    assert made(Requests).process(made(Halves).process([whole])) == [whole]
    assert "requests" not in whole.as_dict(only_output_properties=True)


def test_a_burst_is_read_line_by_line_too(made):
    whole = Message({TEXT: "gracias\n\n  cuánto debo \nmándame el recibo"})
    read = made(Halves).process([whole])
    assert made(Requests).process(read) == [whole]
    said = whole.as_dict(only_output_properties=True)
    assert [line["text"] for line in said["lines"]] == ["gracias", "cuánto debo", "mándame el recibo"]
    assert [part["text"] for part in said["requests"]] == ["gracias\n\n  cuánto debo", "mándame el recibo"]
    texts = [m.get(TEXT) for m in read]
    assert len(texts) == len(set(texts))  # a half that is a line is read once


@pytest.mark.parametrize("text", ["una sola línea", "\n  \nhola\n", "/menu_help\nhola", "x" * (LONGEST + 1) + "\nhola"])
def test_one_message_is_no_burst(text):
    assert lines(text) == []


def test_of_very_many_lines_both_ends_are_read():
    text = "\n".join(f"renglón {n}" for n in range(50))
    read = [text[start:end] for start, end in lines(text)]
    assert len(read) == 2 * ENDS
    assert (read[0], read[-1]) == ("renglón 0", "renglón 49")


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
