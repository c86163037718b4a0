"""Rasa component: a dense sentence vector from USE or e5."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

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
from bot.nlu.encoders import encode, encoder_version


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
        """Another version of the package means another model."""
        return encoder_version(config.get("engine", "use"))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vector to the messages."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                self.add_features_to_message(None, encode(self._config["engine"], [text]), TEXT, message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vectors to the training examples, through the cache."""
        engine = self._config["engine"]
        examples = [m for m in training_data.training_examples if m.get(TEXT)]
        cache = EmbeddingCache(Path(self._config["cache_dir"]) / f"{encoder_version(engine)}.npz")
        vectors = cache.vectors([m.get(TEXT) for m in examples], lambda texts: encode(engine, texts))
        for message in examples:
            self.add_features_to_message(None, vectors[message.get(TEXT)][None, :], TEXT, message)
        return training_data
