"""SPACY_MODEL alone decides whether word vectors join; a trained model keeps to the one it learned with."""

import numpy as np
import pytest
import spacy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.spanish_tokenizer import SpacyModelMissing, SpacyVectors, SpanishTokenizer

VECTORS = {"agua": [1.0, 0.0, 0.0], "recibo": [0.0, 2.0, 0.0]}


@pytest.fixture
def with_vectors(tmp_path):
    """A real spaCy model with three-dimensional vectors, as a folder that `spacy.load` takes."""
    language = spacy.blank("es")
    for word, vector in VECTORS.items():
        language.vocab.set_vector(word, np.array(vector, dtype="float32"))
    language.to_disk(tmp_path / "es_tiny")
    return str(tmp_path / "es_tiny")


@pytest.fixture
def made(tmp_path):
    (tmp_path / "storage").mkdir()
    storage = LocalModelStorage.create(tmp_path / "storage")
    context = ExecutionContext(GraphSchema({}), node_name="vectors")
    return lambda kind, how="create": getattr(kind, how)(
        kind.get_default_config(), storage, Resource("vectors"), context
    )


def feature(component, text):
    message = Message({TEXT: text})
    component.process([message])
    return [f.features for f in message.features]


def test_the_vectors_of_the_model_named_by_the_environment_join(made, monkeypatch, with_vectors):
    monkeypatch.setenv("SPACY_MODEL", with_vectors)
    (found,) = feature(made(SpacyVectors), "agua recibo")
    assert found.shape == (1, 3)
    assert found[0] == pytest.approx([1 / 5**0.5, 2 / 5**0.5, 0])
    assert SpacyVectors.fingerprint_addon({}) == with_vectors  # so `make train` trains again


def test_the_small_model_adds_nothing(made, monkeypatch):
    monkeypatch.delenv("SPACY_MODEL", raising=False)
    assert feature(made(SpacyVectors), "agua recibo") == []


def test_a_trained_model_asks_for_the_spacy_model_it_learned_with(made, monkeypatch, with_vectors):
    monkeypatch.setenv("SPACY_MODEL", with_vectors)
    made(SpacyVectors).train(TrainingData([Message({TEXT: "agua"})]))
    monkeypatch.delenv("SPACY_MODEL")
    (found,) = feature(made(SpacyVectors, "load"), "agua")
    assert found[0] == pytest.approx([1, 0, 0])


def test_a_model_that_is_not_installed_says_how_to_get_it(made, monkeypatch):
    monkeypatch.setenv("SPACY_MODEL", "es_core_news_none")
    with pytest.raises(SpacyModelMissing, match="spacy download es_core_news_none"):
        made(SpanishTokenizer)
