"""Rasa component: whether a message speaks of the utility's things, of others' things, or of other people.

"Pago de colegiatura" and "pago de mi recibo" are alike in words and in sense; what tells them apart is the thing
that is paid, and no training sentence can name all things. So the things are listed in `lexicon/foreign.yml`, and
which list a message touches is one more feature beside its words: sentences with other foreign things become alike.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix

from bot.nlu.component import ReadsTrainingAlike, TakesAnySetting
from bot.nlu.entities.heard import heard
from bot.nlu.lexicon import file_of
from bot.nlu.lexicon.wordings import read_rules

_SUBJECTS = dict(read_rules("foreign"))


def subject(text: str) -> np.ndarray:
    """Four zeros or ones: of foreign things only, of foreign things and ours, of other people, of ours only."""
    line = heard(text).line
    foreign, someone, ours = (bool(_SUBJECTS[name].search(line)) for name in ("foreign", "someone", "ours"))
    return np.array([foreign and not ours, foreign and ours, someone, ours and not foreign], dtype="float32")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SubjectFeaturizer(ReadsTrainingAlike, TakesAnySetting, SparseFeaturizer, GraphComponent):
    """Adds `subject` as a sentence feature."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`weight`: what a shared subject adds to the likeness of two messages; all their words add 1."""
        return {**SparseFeaturizer.get_default_config(), "weight": 0.5}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SubjectFeaturizer:
        """Made by Rasa's graph; keeps nothing."""
        return cls(execution_context.node_name, config)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Another list means another model."""
        return hashlib.sha256(file_of("foreign").read_bytes()).hexdigest()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the feature to the messages."""
        for message in messages:
            if message.get(TEXT):
                row = subject(message.get(TEXT)) * self._config["weight"] ** 0.5
                self.add_features_to_message(None, csr_matrix(row[None, :]), TEXT, message)
        return messages
