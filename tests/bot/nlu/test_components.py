"""Every component in a graph of its own: train, save, load, and the same answer."""

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.calibration import best_temperature, expected_calibration_error, shift_for_share, softmax
from bot.nlu.embedding_cache import EmbeddingCache
from bot.nlu.intents import CalibratedIntentClassifier
from bot.nlu.nearness import Nearness
from bot.nlu.neighbours import Neighbours
from bot.nlu.normaliser import NORMALISED, Normaliser
from bot.nlu.rule_entities import RuleEntities
from bot.nlu.sentence_encoder import SentenceEncoder
from bot.nlu.spanish_tokenizer import SpacyVectors, SpanishTokenizer
from bot.nlu.tfidf import TfidfFeaturizer

SENTENCES = {
    "balance_inquiry": ["cuánto debo", "kuanto es mi saldo", "mi adeudo porfa", "qué saldo tengo"],
    "bill_request": ["mándame mi recibo", "quiero mi resivo", "recibo en pdf", "la factura por favor"],
    "greet": ["hola", "buenas tardes", "buenos días", "hola maría"],
}


@pytest.fixture
def made(tmp_path):
    """Makes components that share one model storage."""
    storage = LocalModelStorage.create(tmp_path)
    context = ExecutionContext(GraphSchema({}), node_name="node")

    def make(kind, how="create", **config):
        settings = {**getattr(kind, "get_default_config", dict)(), **config}
        return getattr(kind, how)(settings, storage, Resource(kind.__name__), context)

    return make


@pytest.fixture
def training():
    return TrainingData([Message({TEXT: t, INTENT: i}) for i, ts in SENTENCES.items() for t in ts])


def featurised(made, training):
    made(Normaliser).process_training_data(training)
    tfidf = made(TfidfFeaturizer, min_df=1)
    tfidf.train(training)
    return tfidf.process_training_data(training)


def asked(made, text):
    message = Message({TEXT: text})
    made(Normaliser).process([message])
    made(TfidfFeaturizer, "load", min_df=1).process([message])
    made(CalibratedIntentClassifier, "load").process([message])
    return message


def test_a_trained_and_loaded_classifier_ranks_the_intents(made, training):
    made(CalibratedIntentClassifier).train(featurised(made, training))
    message = asked(made, "kiero mi recibo")
    assert message.get("intent")["name"] == "bill_request"
    ranking = message.get("intent_ranking")
    assert [r["name"] for r in ranking][0] == "bill_request"
    assert sum(r["confidence"] for r in ranking) == pytest.approx(1)


def test_tfidf_is_the_same_after_loading(made, training):
    featurised(made, training)
    before = made(TfidfFeaturizer, "load", min_df=1).features(["kuanto debo"])
    after = made(TfidfFeaturizer, "load", min_df=1).features(["kuanto debo"])
    assert (before != after).nnz == 0
    assert before.nnz > 0


def test_two_intents_are_enough_to_train(made, training):
    few = TrainingData([m for m in training.training_examples if m.get(INTENT) != "greet"])
    made(CalibratedIntentClassifier).train(featurised(made, few))
    assert asked(made, "cuanto debo").get("intent")["name"] == "balance_inquiry"


def test_the_normaliser_leaves_the_text_alone(made):
    message = Message({TEXT: "Qiero mi resivo"})
    made(Normaliser).process([message])
    assert message.get(TEXT) == "Qiero mi resivo"
    assert message.get(NORMALISED) == "kiero mi resibo"


def test_use_vectors_have_length_one_also_for_a_typed_slash(made, tmp_path):
    encoder = made(SentenceEncoder, engine="use", cache_dir=str(tmp_path))
    messages = [Message({TEXT: "cuánto debo"}), Message({TEXT: "/restart"})]
    encoder.process(messages)
    for message in messages:
        assert np.linalg.norm(message.features[0].features) == pytest.approx(1, abs=1e-4)


def test_tokens_know_their_places(made):
    message = Message({TEXT: "no hay agua, ¿cuándo llega?"})
    made(SpanishTokenizer).process([message])
    tokens = message.get("text_tokens")
    assert [message.get(TEXT)[t.start : t.end] for t in tokens] == [t.text for t in tokens]


def test_a_model_without_vectors_adds_no_feature(made):
    message = Message({TEXT: "hola"})
    made(SpacyVectors).process([message])
    assert not message.features


def test_entities_carry_their_place_and_extractor(made):
    message = Message({TEXT: "cuánto debo del 455123"})
    made(RuleEntities).process([message])
    contract = message.get("entities")[0]
    assert contract == {
        "entity": "contract_number", "value": "455123", "start": 16, "end": 22, "extractor": "RuleEntities",
    }  # fmt: skip


def test_a_tap_is_not_searched_for_entities(made):
    message = Message({TEXT: '/inform{"contract_number": "455123"}'})
    made(RuleEntities).process([message])
    assert not message.get("entities")


def test_the_cache_encodes_each_sentence_once(tmp_path):
    calls = []

    def encode(texts):
        calls.extend(texts)
        return np.array([[len(t), 1.0] for t in texts])

    EmbeddingCache(tmp_path / "v.npz").vectors(["a", "bb", "a"], encode)
    again = EmbeddingCache(tmp_path / "v.npz").vectors(["bb", "ccc"], encode)
    assert calls == ["a", "bb", "ccc"]
    assert again["bb"].tolist() == [2.0, 1.0]


def test_temperature_softens_scores_that_are_too_sure():
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 3, 300)
    scores = np.eye(3)[np.where(rng.random(300) < 0.7, truth, rng.integers(0, 3, 300))] * 10
    raw, soft = softmax(scores), softmax(scores / best_temperature(scores, truth))

    def error(p):
        return expected_calibration_error(p.max(axis=1), (p.argmax(axis=1) == truth).astype(float))

    assert error(soft) < error(raw)


def test_a_sentence_is_not_its_own_neighbour():
    vectors = np.eye(4, dtype="float32")[[0, 0, 1, 1, 2, 3]] + np.arange(24).reshape(6, 4) * 0.01
    nearness = Nearness.of(vectors, ["a", "a", "b", "b", "c", "c"], nearest=1)
    alone = nearness.to(vectors, known=True)
    with_itself = nearness.to(vectors, known=False)
    assert alone.shape == (6, 3)
    assert (with_itself >= alone - 1e-5).all()
    assert with_itself.argmax(axis=1).tolist() == [0, 0, 1, 1, 2, 2]


def test_nearness_is_the_same_after_loading(tmp_path):
    vectors = np.random.default_rng(1).normal(size=(30, 8)).astype("float32")
    nearness = Nearness.of(vectors, ["a"] * 10 + ["b"] * 20, nearest=3)
    nearness.save(tmp_path / "n.npz")
    again = Nearness.load(tmp_path / "n.npz")
    assert np.allclose(nearness.to(vectors, False), again.to(vectors, False), atol=1e-4)


def test_neighbours_add_one_feature_an_intent(made, training, tmp_path):
    encoder = made(SentenceEncoder, engine="use", cache_dir=str(tmp_path))
    encoder.process_training_data(training)
    made(Neighbours).train(training)
    message = Message({TEXT: "cuanto debo"})
    encoder.process([message])
    made(Neighbours, "load").process([message])
    assert message.features[-1].features.shape == (1, len(SENTENCES))
    assert message.features[-1].features.argmax() == sorted(SENTENCES).index("balance_inquiry")


def test_the_shift_lets_a_class_win_the_share_it_may():
    margins = np.linspace(0, 1, 101)
    assert (margins < shift_for_share(margins, 0.03)).mean() == pytest.approx(0.03, abs=0.01)
