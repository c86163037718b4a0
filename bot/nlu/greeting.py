"""Rasa components: what follows a greeting is read by itself too.

"Hola buenas tardes señorita, quiero mi recibo" sounds so much like a greeting that the request in it was not heard.
`Greeting` stands first and puts the rest behind its message; `AfterGreeting` stands last, takes it out again, and
where the message was taken for a greeting alone, or for nothing surely, lets the rest speak for it.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import KeepsNothing
from bot.nlu.entities.heard import heard
from bot.nlu.lexicon.wordings import read_rules
from bot.nlu.two_requests import REQUESTS

REST_AT = "rest_at"  # where the rest begins in its message
GREETS = "greet"
NO_REQUEST = (GREETS, "goodbye", "thanks", "affirm", "deny", "out_of_scope")
SURE = 0.5
LONGEST = 400  # characters; in a longer message a greeting weighs nothing

((_, _OPENING),) = read_rules("greeting", "opening")


def after_greeting(text: str) -> int | None:
    """Where the words after an opening greeting begin; None without a greeting, or with nothing behind it."""
    if len(text) > LONGEST or text.startswith("/"):
        return None
    said, at = heard(text), 0
    while opening := _OPENING.match(said.line, at):
        at = opening.end()
        while at < len(said.line) and not said.line[at].isalnum():
            at += 1
    return said.place(at, at + 1)[0] if 0 < at < len(said.line) else None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Greeting(KeepsNothing):
    """Adds what follows the greeting of a message behind it."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Each message, followed by its rest where it opens with a greeting."""
        read: list[Message] = []
        for message in messages:
            read.append(message)
            text = message.get(TEXT) or ""
            start = after_greeting(text)
            if start is not None:
                read.append(Message({TEXT: text[start:], REST_AT: start}))
        return read

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training sentences are read whole."""
        return training_data


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class AfterGreeting(KeepsNothing):
    """Takes the rest out again."""

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages alone, with what their rest says where it says more."""
        whole: list[Message] = []
        for message in messages:
            start = message.get(REST_AT)
            if start is None:
                whole.append(message)
            elif _says_more(message, whole[-1]):
                _speak_for(message, whole[-1], start)
        return whole


def _says_more(rest: Message, message: Message) -> bool:
    intent, taken_for = rest.get(INTENT) or {}, message.get(INTENT) or {}
    if intent.get("name") in (None, *NO_REQUEST) or intent["confidence"] < SURE:
        return False
    return taken_for.get("name") == GREETS or taken_for.get("confidence", 0.0) < SURE


def _speak_for(rest: Message, message: Message, at: int) -> None:
    """The intent and the entities of the rest, at their places in the whole text."""
    for name in (INTENT, INTENT_RANKING_KEY):
        message.set(name, rest.get(name), add_to_output=True)
    message.set(ENTITIES, _moved(rest.get(ENTITIES), at), add_to_output=True)
    if requests := rest.get(REQUESTS):
        moved = [{**one, "entities": _moved(one["entities"], at)} for one in requests]
        message.set(REQUESTS, moved, add_to_output=True)


def _moved(entities: list[dict[str, Any]] | None, at: int) -> list[dict[str, Any]]:
    return [{**e, "start": e["start"] + at, "end": e["end"] + at} for e in entities or []]
