"""Every component in a graph of its own: train, save, load, and the same answer."""

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix
from scipy.sparse import random as sparse_random

from bot.nlu.calibration import best_temperature, expected_calibration_error, shift_for_share, softmax
from bot.nlu.embedding_cache import EmbeddingCache
from bot.nlu.intents import IntentsByLikeness
from bot.nlu.likeness import Likeness, Views
from bot.nlu.normaliser import NORMALISED, Normaliser
from bot.nlu.rule_entities import RuleEntities
from bot.nlu.scores import fit
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
    made(IntentsByLikeness, "load").process([message])
    return message


def test_a_trained_and_loaded_classifier_ranks_the_intents(made, training):
    made(IntentsByLikeness).train(featurised(made, training))
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
    made(IntentsByLikeness).train(featurised(made, few))
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


STORY = "les cuento que la semana pasada fui a la oficina y me dijeron que esperara. "


@pytest.mark.parametrize("length", [0, 1400, 1500, 3900])
@pytest.mark.parametrize(
    ("said", "entity", "value"),
    [
        ("ya no quiero vivir", "mood", "self_harm"),
        ("se está inundando mi casa", "mood", "danger"),
        ("hay un cable tirado en el agua", "mood", "danger"),
        ("tengo un bebé y no hay agua", "fragile", "baby"),
        ("tengo un bebé y no hay agua", "service_request_type", "no_water"),
    ],
)
def test_danger_is_heard_wherever_it_stands_in_a_long_message(made, length, said, entity, value):
    message = Message({TEXT: (STORY * 60)[:length] + ". " + said + "."})
    made(RuleEntities).process([message])
    assert [e["value"] for e in message.get("entities") if e["entity"] == entity] == [value]


def test_danger_is_heard_in_what_was_cut_off_and_that_is_not_kept(made):
    metadata = {"kind": "text", "rest": STORY * 700 + "ya no quiero vivir"}
    message = Message({TEXT: STORY * 50, "metadata": metadata})
    made(RuleEntities).process([message])
    assert [e["value"] for e in message.get("entities") if e["entity"] == "mood"] == ["self_harm"]
    assert metadata == {"kind": "text"}


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


def some_views(seed, rows):
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(rows, 8)).astype("float32")
    return Views(sparse_random(rows, 20, 0.3, "csr", random_state=seed), (vectors, vectors[:, :4]))


def test_a_message_is_most_like_itself():
    views = Views(csr_matrix(np.eye(5)), (np.eye(5, dtype="float32"),))
    alike = Likeness.of(views, width=2).to(views)
    assert alike.argmax(axis=1).tolist() == [0, 1, 2, 3, 4]
    assert np.allclose(alike.diagonal(), 1, atol=1e-2)
    assert (alike <= 1.01).all()


def test_likeness_is_the_same_after_loading(tmp_path):
    likeness = Likeness.of(some_views(1, 30), width=2)
    likeness.save(tmp_path)
    asked_about = some_views(2, 3)
    assert np.allclose(likeness.to(asked_about), Likeness.load(tmp_path).to(asked_about), atol=1e-4)


def test_a_message_without_any_known_word_or_vector_is_like_nothing_more_than_another():
    likeness = Likeness.of(some_views(1, 30), width=2)
    nothing = Views(csr_matrix((1, 20)), likeness.centres and tuple(c[None, :] for c in likeness.centres))
    assert np.ptp(likeness.to(nothing)) == pytest.approx(0, abs=1e-6)


def test_left_out_scores_are_those_of_a_fit_without_the_sentence():
    rng = np.random.default_rng(7)
    places, truth = rng.normal(size=(60, 4)), np.arange(60) % 3
    alike = np.exp(-((places[:, None] - places[None]) ** 2).sum(axis=2) / 8)
    _, left_out = fit(alike.copy(), truth, 0.1)
    weight = np.ones(60)  # the classes are of one size
    for one in (0, 31):
        others = np.arange(60) != one
        wanted = np.where(np.eye(3)[truth] > 0, 1.0, -1.0)
        base = np.average(wanted, axis=0, weights=weight)
        dual = np.linalg.solve(alike[np.ix_(others, others)] + 0.1 * np.eye(59), (wanted - base)[others])
        assert left_out[one] == pytest.approx(alike[one, others] @ dual + base, abs=1e-4)


def test_a_sentence_like_no_other_is_known_but_says_nothing_when_left_out():
    truth = np.array([0, 1] * 10)
    alone = np.eye(20, dtype="float32")
    weights, left_out = fit(alone.copy(), truth, 0.1)
    assert (weights.scores(alone).argmax(axis=1) == truth).all()
    assert np.ptp(left_out) < 1e-5


def test_a_small_class_is_not_drowned():
    truth = np.array([0] * 40 + [1] * 2)
    alike = np.where(truth[:, None] == truth[None, :], 0.6, 0.3) + np.eye(42) * 0.4
    _, left_out = fit(alike.astype("float32"), truth, 0.1)
    assert (left_out[40:].argmax(axis=1) == 1).all()


def test_the_shift_lets_a_class_win_the_share_it_may():
    margins = np.linspace(0, 1, 101)
    assert (margins < shift_for_share(margins, 0.03)).mean() == pytest.approx(0.03, abs=0.01)
