"""What Rasa's interface asks of every component and is the same for ours.

Rasa fingerprints a component by the source of its own class: nothing that changes what is learned belongs here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from typing_extensions import Self


class KeepsNothing(GraphComponent):
    """A component that needs neither settings nor a model."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """Made by Rasa's graph."""
        return cls()


class ReadsTrainingAlike(ABC):
    """Does to training sentences what it does to messages."""

    @abstractmethod
    def process(self, messages: list[Message]) -> list[Message]:
        """In place."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """In place."""
        self.process(training_data.training_examples)
        return training_data


class TakesAnySetting:
    """Every setting has a default that works."""

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing is refused."""
