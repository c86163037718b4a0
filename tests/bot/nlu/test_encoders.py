"""What the encoders read, and how often."""

import numpy as np
import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import sentence_encoder
from bot.nlu.encoders import E5_END, worth_encoding
from bot.nlu.sentence_encoder import SentenceEncoder


@pytest.mark.parametrize(
    ("engine", "text", "read"),
    [
        ("e5", "hola buenas tardes, cuánto debo", "cuánto debo"),
        ("e5", "hola buenas tardes", "hola buenas tardes"),
        ("use", "hola buenas tardes, cuánto debo", "hola buenas tardes, cuánto debo"),
        ("e5", "a" * E5_END + "b" * E5_END, "a" * E5_END + "b" * E5_END),
        ("e5", "a" * E5_END + "xxx" + "b" * E5_END, "a" * E5_END + " " + "b" * E5_END),
        ("use", "a" * 500, "a" * 500),
    ],
)
def test_e5_is_spared_the_greeting_and_the_middle(engine, text, read):
    assert worth_encoding(engine, text) == read


@pytest.fixture
def encoded(monkeypatch):
    """The texts of each call, encoded as their lengths."""
    calls = []

    def encode(name, texts):
        calls.append(texts)
        return np.array([[len(text)] for text in texts], dtype="float32")

    monkeypatch.setattr(sentence_encoder, "encode", encode)
    return calls


def test_a_message_and_its_parts_are_encoded_in_one_call_and_each_text_once(encoded):
    encoder = SentenceEncoder("node", {**SentenceEncoder.get_default_config(), "engine": "e5"})
    texts = ["hola, cuánto debo", "cuánto debo", "mándame el recibo", None, "cuánto debo"]
    messages = encoder.process([Message({TEXT: text} if text else {}) for text in texts])
    assert encoded == [["cuánto debo", "mándame el recibo"]]
    assert [m.features[0].features.item() if m.features else None for m in messages] == [11, 11, 17, None, 11]


def test_what_has_no_text_needs_no_encoder(encoded):
    encoder = SentenceEncoder("node", {**SentenceEncoder.get_default_config(), "engine": "use"})
    encoder.process([Message({})])
    assert encoded == []
