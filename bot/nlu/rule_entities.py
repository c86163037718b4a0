"""Rasa component: all rule entities, and the mood and language of a message."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    INTENT,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.entities.by_intent import by_intent
from bot.nlu.entities.extract import extract
from bot.nlu.entities.faults import find_faults
from bot.nlu.entities.found import Found
from bot.nlu.entities.gazetteer import Gazetteer, read_gazetteer
from bot.nlu.entities.heard import MAX_CHARACTERS, heard_whole
from bot.nlu.language import find_english
from bot.nlu.mood import find_mood
from bot.nlu.person import find_person, find_wish_for_person

REST = "rest"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class RuleEntities(EntityExtractorMixin, GraphComponent):
    """Adds entities by rule; taps ("/intent{...}") carry their own."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RuleEntities:
        """Reads the places as they are now: a new colonia needs no training."""
        return cls(read_gazetteer())

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities to the messages."""
        for message in messages:
            text = message.get(TEXT) or ""
            if text.startswith("/"):
                continue
            intent = (message.get(INTENT) or {}).get("name")
            said = by_intent(extract(text, self._gazetteer), intent)
            found = [*said, *find_care(text, message.get("metadata") or {}), *find_english(text)]
            entities = self.add_extractor_name([_as_entity(f) for f in found])
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages


def find_care(text: str, metadata: dict[str, Any]) -> list[Found]:
    """What must not be missed, to the last word: mood, who is concerned, the wish for a person; if long, the fault too.

    `rest` is what the channel cut off a huge message. It is taken out here, so that the conversation does not keep it.
    """
    rest = metadata.pop(REST, "")
    whole = heard_whole(f"{text}\n{rest}" if rest else text)
    found = [*find_mood(whole), *find_person(whole), *find_wish_for_person(whole)]
    return found if len(whole.text) <= MAX_CHARACTERS else [*found, *find_faults(whole)]


def _as_entity(found: Found) -> dict[str, Any]:
    return {
        ENTITY_ATTRIBUTE_TYPE: found.entity,
        ENTITY_ATTRIBUTE_VALUE: found.value,
        ENTITY_ATTRIBUTE_START: found.start,
        ENTITY_ATTRIBUTE_END: found.end,
    }
