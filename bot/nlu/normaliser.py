"""Rasa component: writes the sound of a message beside its text, which itself never changes."""

from __future__ import annotations

import hashlib
import inspect
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import chat_words, number_words, spanish

NORMALISED = "normalised_text"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Normaliser(GraphComponent):
    """Sets `normalised_text` on every message, for the featurizers after it."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Normaliser:
        """Made by Rasa's graph; keeps nothing."""
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A changed spelling rule means a changed model."""
        source = "".join(inspect.getsource(module) for module in (chat_words, number_words, spanish))
        return hashlib.sha256(source.encode()).hexdigest()

    def process(self, messages: list[Message]) -> list[Message]:
        """Normalise the messages in place."""
        for message in messages:
            if message.get(TEXT):
                message.set(NORMALISED, spanish.normalise(message.get(TEXT)))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Normalise the training examples in place."""
        self.process(training_data.training_examples)
        return training_data
