"""Rasa component: spaCy as tokens, and its word vectors as a feature where the model has any.

The model comes from SPACY_MODEL (es_core_news_sm by default). The small model has no vectors: then this is
only the tokenizer. es_core_news_md has, and they join as one more sentence feature.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

import numpy as np
import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file
from spacy.language import Language

from bot.nlu.component import ReadsTrainingAlike, TakesAnySetting

REMEMBERED = "spacy.json"
_UNUSED = ["tok2vec", "morphologizer", "tagger", "parser", "ner", "attribute_ruler", "lemmatizer", "senter"]


def model_name() -> str:
    """The spaCy model asked for by the environment."""
    return os.environ.get("SPACY_MODEL", "es_core_news_sm")


class SpacyModelMissing(RuntimeError):
    """The spaCy model that is asked for is not on this machine."""


@lru_cache(maxsize=2)
def _language(name: str) -> Language:
    try:
        return spacy.load(name, exclude=_UNUSED)
    except OSError as error:
        how = f"bot/.venv/bin/python -m spacy download {name}, or unset SPACY_MODEL and train again"
        raise SpacyModelMissing(f"spaCy model {name} is not installed: {how}") from error


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class SpanishTokenizer(Tokenizer):
    """spaCy's Spanish tokens, with their places in the message."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpanishTokenizer:
        """Made by Rasa's graph."""
        _language(model_name())
        return cls(config)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's own tokenizer settings; intents are not split."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Another spaCy model means another model."""
        return model_name()

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The tokens of one attribute of the message."""
        doc = _language(model_name()).make_doc(message.get(attribute))
        return [Token(t.text, t.idx) for t in doc if not t.is_space]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SpacyVectors(ReadsTrainingAlike, TakesAnySetting, DenseFeaturizer, GraphComponent):
    """The mean word vector of the message; adds nothing where the spaCy model has no vectors.

    A trained model remembers the spaCy model it learned with and asks for that one again, whatever SPACY_MODEL says.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """It goes with spaCy's tokens."""
        return [SpanishTokenizer]

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, name: str, trained_with: str
    ) -> None:
        super().__init__(name, config)
        self._storage, self._resource, self._spacy = storage, resource, trained_with

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpacyVectors:
        """With the model that the environment asks for."""
        return cls(config, model_storage, resource, execution_context.node_name, model_name())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SpacyVectors:
        """With the model it was trained with."""
        with model_storage.read_from(resource) as directory:
            trained_with = read_json_file(directory / REMEMBERED)["model"]
        return cls(config, model_storage, resource, execution_context.node_name, trained_with)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Another spaCy model means another model."""
        return model_name()

    def train(self, training_data: TrainingData) -> Resource:
        """Nothing is learned; the model's name is kept."""
        with self._storage.write_to(self._resource) as directory:
            dump_obj_as_json_to_file(directory / REMEMBERED, {"model": self._spacy})
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vector to the messages."""
        language = _language(self._spacy)
        if not language.vocab.vectors.shape[1]:
            return messages
        for message in messages:
            if message.get(TEXT):
                vector = language.make_doc(message.get(TEXT)).vector
                unit = vector / max(float(np.linalg.norm(vector)), 1e-9)
                self.add_features_to_message(None, unit[None, :].astype("float32"), TEXT, message)
        return messages
