"""Rasa components: a message that may be two requests is read in halves too, and a burst line by line.

`Halves` stands first and puts the parts behind their message, so that everything between reads them as it reads
the message. `Requests` stands last, takes them out again and writes what they were understood as into `requests`
(halves) and `lines`. The message's own intent and entities stay what they are: whether two errands are served, or
one line wins, is for the dialogue (`bot/dialogue/double.py`).
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import KeepsNothing
from bot.nlu.halves import asks, halves, lines

PART_AT, PART_AS = "part_at", "part_as"  # where a part begins in its message, and under which names it is kept
REQUESTS, LINES = "requests", "lines"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Halves(KeepsNothing):
    """Adds the parts of a message behind it."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Each message, followed by its two halves where it may be two requests, and by its lines."""
        read: list[Message] = []
        for message in messages:
            read.append(message)
            text = message.get(TEXT) or ""
            kept: dict[tuple[int, int], list[str]] = {}
            for name, places in ((REQUESTS, halves(text) or ()), (LINES, lines(text))):
                for place in places:
                    kept.setdefault(place, []).append(name)
            for (start, end), names in sorted(kept.items()):
                read.append(Message({TEXT: text[start:end], PART_AT: start, PART_AS: names}))
        return read

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training sentences are read whole."""
        return training_data


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class Requests(KeepsNothing):
    """Takes the parts out again and keeps what they say with their message."""

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages alone; those that came with parts have them as `requests` and `lines`, in order."""
        whole: list[Message] = []
        for message in messages:
            if message.get(PART_AS) is None:
                whole.append(message)
                continue
            for name in message.get(PART_AS):
                said = [*(whole[-1].get(name) or []), _as_request(message, message.get(PART_AT))]
                whole[-1].set(name, said, add_to_output=True)
        return whole


def _as_request(part: Message, at: int) -> dict[str, Any]:
    """Plain JSON, as Rasa gives a parsed message; the entities' places are those in the whole text."""
    entities = [{**e, "start": e["start"] + at, "end": e["end"] + at} for e in part.get(ENTITIES) or []]
    return {
        "text": part.get(TEXT),
        "intent": part.get(INTENT),
        "intent_ranking": part.get(INTENT_RANKING_KEY) or [],
        "entities": entities,
        "asks": asks(part.get(TEXT)),
    }
