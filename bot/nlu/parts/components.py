"""Rasa components: a message is read in parts too, by everything that reads the message.

`AddParts` stands first and puts the parts behind their message. `TakeParts` stands last and takes them out again: what
the halves and the lines were understood as is written into `requests` and `lines`, and the message's own intent and
entities stay what they are; whether two errands are served, or one line wins, is for the dialogue
(`bot/dialogue/double.py`). What follows a greeting is kept nowhere: it speaks for its message where it should.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import KeepsNothing
from bot.nlu.parts.after_greeting import after_greeting
from bot.nlu.parts.halves import asks, halves
from bot.nlu.parts.lines import lines
from bot.nlu.parts.place import Place
from bot.understanding import read_understanding

PART_AT, PART_AS = "part_at", "part_as"  # where a part begins in its message, and what it is: some of the three kinds
REQUESTS, LINES, REST = "requests", "lines", "rest"
GREETS = "greet"
NO_REQUEST = (None, GREETS, "goodbye", "thanks", "affirm", "deny", "out_of_scope")


def parts(text: str) -> dict[Place, list[str]]:
    """The places of all parts in order, each with its kinds: a half may be a line too. The halves hold no greeting."""
    rest = after_greeting(text)
    start = rest[0] if rest else 0
    found = [(REST, rest)] if rest else []
    found += [(REQUESTS, (start + first, start + last)) for first, last in halves(text[start:]) or ()]
    found += [(LINES, place) for place in lines(text)]
    kinds: dict[Place, list[str]] = {}
    for kind, place in found:
        kinds.setdefault(place, []).append(kind)
    return dict(sorted(kinds.items()))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class AddParts(KeepsNothing):
    """Adds the parts of a message behind it."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Each message, followed by its parts."""
        read: list[Message] = []
        for message in messages:
            text = message.get(TEXT) or ""
            read.append(message)
            read += [
                Message({TEXT: text[start:end], PART_AT: start, PART_AS: kinds})
                for (start, end), kinds in parts(text).items()
            ]
        return read

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training sentences are read whole."""
        return training_data


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TakeParts(KeepsNothing):
    """Takes the parts out again and tells their message what they say."""

    def __init__(self) -> None:
        self._sure = read_understanding().start  # as sure as María must be to start an errand

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages alone; those that came with halves and lines have them as `requests` and `lines`, in order."""
        whole: list[Message] = []
        for message in messages:
            kinds = message.get(PART_AS)
            if kinds is None:
                whole.append(message)
                continue
            _move(message, message.get(PART_AT))
            for kind in kinds:
                self._tell(whole[-1], kind, message)
        return whole

    def _tell(self, message: Message, kind: str, part: Message) -> None:
        if kind != REST:
            message.set(kind, [*(message.get(kind) or []), _as_request(part)], add_to_output=True)
        elif self._says_more(part, message):
            for name in (INTENT, INTENT_RANKING_KEY, ENTITIES):
                message.set(name, part.get(name), add_to_output=True)

    def _says_more(self, rest: Message, message: Message) -> bool:
        """Where the message was taken for a greeting alone, or for nothing surely, and the rest is surely a request.

        "Hola buenas tardes señorita, quiero mi recibo" sounds so much like a greeting that the request in it was not
        heard.
        """
        said, taken_for = rest.get(INTENT) or {}, message.get(INTENT) or {}
        if said.get("name") in NO_REQUEST or said["confidence"] < self._sure:
            return False
        return taken_for.get("name") == GREETS or taken_for.get("confidence", 0.0) < self._sure


def _move(part: Message, by: int) -> None:
    """Its entities to their places in the whole text."""
    moved = [{**e, "start": e["start"] + by, "end": e["end"] + by} for e in part.get(ENTITIES) or []]
    part.set(ENTITIES, moved, add_to_output=True)


def _as_request(part: Message) -> dict[str, Any]:
    """Plain JSON, as Rasa gives a parsed message."""
    return {
        "text": part.get(TEXT),
        "intent": part.get(INTENT),
        "intent_ranking": part.get(INTENT_RANKING_KEY) or [],
        "entities": part.get(ENTITIES),
        "asks": asks(part.get(TEXT)),
    }
