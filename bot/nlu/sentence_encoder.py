"""Rasa component: a dense sentence vector from USE or e5."""

from __future__ import annotations

import hashlib
import inspect
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import TakesAnySetting
from bot.nlu.embedding_cache import EmbeddingCache
from bot.nlu.encoders import E5_END, encode, encoder_version, worth_encoding
from bot.nlu.lexicon import file_of


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(TakesAnySetting, DenseFeaturizer, GraphComponent):
    """Encodes the citizen's own text; taps ("/intent") need no vector."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`engine`: use or e5; `cache_dir`: where vectors are kept between trainings."""
        return {
            **DenseFeaturizer.get_default_config(),
            "engine": "use",
            "cache_dir": os.environ.get("EMBEDDING_CACHE", "var/embeddings"),
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Warm the engine, so that the first citizen does not wait for it."""
        encode(config["engine"], ["hola"])
        return cls(execution_context.node_name, config)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Another version of the package, or other words that e5 leaves out, mean another model."""
        reading = inspect.getsource(worth_encoding).encode() + file_of("greeting").read_bytes()
        return f"{encoder_version(config.get('engine', 'use'))} {E5_END} {hashlib.sha256(reading).hexdigest()}"

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vectors to the messages; what is read alike is encoded once, all in one call."""
        self._add(messages, lambda texts: dict(zip(texts, encode(self._engine, texts), strict=True)))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vectors to the training examples, through the cache."""
        cache = EmbeddingCache(Path(self._config["cache_dir"]) / f"{encoder_version(self._engine)}.npz")
        self._add(
            training_data.training_examples,
            lambda texts: cache.vectors(texts, lambda unknown: encode(self._engine, unknown)),
        )
        return training_data

    @property
    def _engine(self) -> str:
        return str(self._config["engine"])

    def _add(self, messages: list[Message], vectors_of: Callable[[list[str]], dict[str, np.ndarray]]) -> None:
        read = [(message, worth_encoding(self._engine, message.get(TEXT))) for message in messages if message.get(TEXT)]
        vectors = vectors_of(list(dict.fromkeys(text for _, text in read))) if read else {}
        for message, text in read:
            self.add_features_to_message(None, vectors[text][None, :], TEXT, message)
