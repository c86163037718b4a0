"""Rasa component: TF-IDF of words and of characters over the normalised text."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.component import ReadsTrainingAlike, TakesAnySetting
from bot.nlu.normaliser import NORMALISED, Normaliser

_PARTS = ("words", "characters")


def make_vectorisers(
    config: dict[str, Any], vocabularies: tuple[dict[str, int] | None, ...] = (None, None)
) -> list[TfidfVectorizer]:
    """One vectoriser of words and one of characters inside words, unfitted or with given vocabularies."""
    common = {
        "sublinear_tf": True,
        "max_features": config["max_features"],
        "min_df": config["min_df"],
        "dtype": np.float32,
    }
    shapes: list[dict[str, Any]] = [
        {"ngram_range": tuple(config["word_ngrams"]), "token_pattern": r"\S+"},
        {"ngram_range": tuple(config["char_ngrams"]), "analyzer": "char_wb"},
    ]
    return [TfidfVectorizer(**common, **shape, vocabulary=v) for shape, v in zip(shapes, vocabularies, strict=True)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class TfidfFeaturizer(ReadsTrainingAlike, TakesAnySetting, SparseFeaturizer, GraphComponent):
    """Sentence features of `normalised_text`; each of the two parts has length one."""

    @classmethod
    def required_components(cls) -> list[type]:
        """It reads what the normaliser wrote."""
        return [Normaliser]

    @staticmethod
    def required_packages() -> list[str]:
        """For Rasa's start-up check."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`*_ngrams`: shortest and longest; `max_features` a part; `min_df`: seen in so many sentences."""
        return {
            **SparseFeaturizer.get_default_config(),
            "word_ngrams": [1, 2],
            "char_ngrams": [2, 5],
            "max_features": 40_000,
            "min_df": 2,
        }

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        model_storage: ModelStorage,
        resource: Resource,
        parts: list[TfidfVectorizer] | None = None,
    ) -> None:
        super().__init__(name, config)
        self._storage, self._resource = model_storage, resource
        self._parts = parts or []

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TfidfFeaturizer:
        """An unfitted featurizer."""
        return cls(config, execution_context.node_name, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn both vocabularies and keep them as JSON and arrays (no pickles)."""
        texts = [m.get(NORMALISED) for m in training_data.training_examples if m.get(NORMALISED)]
        self._parts = [v.fit(texts) for v in make_vectorisers(self._config)]
        with self._storage.write_to(self._resource) as directory:
            for part, v in zip(_PARTS, self._parts, strict=True):
                dump_obj_as_json_to_file(directory / f"{part}.json", sorted(v.vocabulary_, key=v.vocabulary_.get))
                np.save(directory / f"{part}.npy", v.idf_)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TfidfFeaturizer:
        """The featurizer as trained."""
        with model_storage.read_from(resource) as directory:
            terms = [read_json_file(directory / f"{part}.json") for part in _PARTS]
            parts = make_vectorisers(config, tuple({t: n for n, t in enumerate(part)} for part in terms))
            for part, v in zip(_PARTS, parts, strict=True):
                v.idf_ = np.load(directory / f"{part}.npy")
        return cls(config, execution_context.node_name, model_storage, resource, parts)

    def features(self, texts: list[str]) -> csr_matrix:
        """One row a text."""
        return hstack([v.transform(texts) for v in self._parts]).tocsr()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the features to the messages."""
        todo = [m for m in messages if m.get(NORMALISED) is not None]
        if todo:
            matrix = self.features([m.get(NORMALISED) for m in todo])
            for i, message in enumerate(todo):
                self.add_features_to_message(None, matrix[i], TEXT, message)
        return messages
