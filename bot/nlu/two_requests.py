"""Rasa components: a message that may be two requests is read in halves too.

`Halves` stands first and puts the halves behind their message, so that everything between reads them as it reads
the message. `Requests` stands last, takes them out again and writes what they were understood as into `requests`.
The message's own intent and entities stay what they are: whether two errands are served is for the dialogue
(`bot/dialogue/double.py`).
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import KeepsNothing
from bot.nlu.halves import halves

HALF_OF = "half_of"  # where a half begins in its message
REQUESTS = "requests"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Halves(KeepsNothing):
    """Adds the halves of a message behind it."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Each message, followed by its two halves where it may be two requests."""
        read: list[Message] = []
        for message in messages:
            read.append(message)
            text = message.get(TEXT) or ""
            for start, end in halves(text) or ():
                read.append(Message({TEXT: text[start:end], HALF_OF: start}))
        return read

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training sentences are read whole."""
        return training_data


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class Requests(KeepsNothing):
    """Takes the halves out again and keeps what they say with their message."""

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages alone; those that came with halves have them as `requests`, in order."""
        whole: list[Message] = []
        for message in messages:
            start = message.get(HALF_OF)
            if start is None:
                whole.append(message)
            else:
                said = [*(whole[-1].get(REQUESTS) or []), _as_request(message, start)]
                whole[-1].set(REQUESTS, said, add_to_output=True)
        return whole


def _as_request(half: Message, at: int) -> dict[str, Any]:
    """Plain JSON, as Rasa gives a parsed message; the entities' places are those in the whole text."""
    entities = [{**e, "start": e["start"] + at, "end": e["end"] + at} for e in half.get(ENTITIES) or []]
    return {
        "text": half.get(TEXT),
        "intent": half.get(INTENT),
        "intent_ranking": half.get(INTENT_RANKING_KEY) or [],
        "entities": entities,
    }
