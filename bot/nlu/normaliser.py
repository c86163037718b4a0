"""Rasa component: writes the sound of a message beside its text, which itself never changes."""

from __future__ import annotations

import hashlib
import inspect
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import number_words, spanish
from bot.nlu.component import KeepsNothing, ReadsTrainingAlike
from bot.nlu.lexicon import file_of

NORMALISED = "normalised_text"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Normaliser(ReadsTrainingAlike, KeepsNothing):
    """Sets `normalised_text` on every message, for the featurizers after it."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A changed spelling rule means a changed model."""
        source = "".join(inspect.getsource(module) for module in (number_words, spanish))
        return hashlib.sha256(source.encode() + file_of("chat").read_bytes()).hexdigest()

    def process(self, messages: list[Message]) -> list[Message]:
        """Normalise the messages in place."""
        for message in messages:
            if message.get(TEXT):
                message.set(NORMALISED, spanish.normalise(message.get(TEXT)))
        return messages
