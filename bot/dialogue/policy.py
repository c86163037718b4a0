"""The errand policy: Rasa's side of the plan. It decides ahead of RulePolicy and leaves the rest to the rules."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData, confidence_scores_for
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import USER_INTENT_SESSION_START
from rasa.shared.core.domain import Domain, InvalidDomain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.io import read_json_file, read_yaml_file

from bot.dialogue.book import Book, read_book
from bot.dialogue.plan import LISTEN, next_move
from bot.dialogue.state import State
from bot.dialogue.turn import Turn
from bot.nlu.spanish import fold

DIALOGUE, OUTCOME, REGISTER, NAMED = "dialogue", "outcome", "register", "named"
HALVES, LINES = PARTS = ("requests", "lines")
FILES = ("book", "verification", "care")  # in the order `read_book` takes them
BELOW_A_RULE = 0.5  # weaker than a matching rule, stronger than the fallback


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class ErrandPolicy(Policy):
    """Predicts the next step of an errand from `data/errands.yml`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`book`, `verification` and `care` are paths from the project's root."""
        return {
            "priority": 10,
            "max_history": 1,
            "book": "data/errands.yml",
            "verification": "data/knowledge/verification.yml",
            "care": "data/knowledge/care.yml",
        }

    @staticmethod
    def supported_data() -> SupportedData:
        """Rules and stories alike: this policy learns from neither."""
        return SupportedData.ML_AND_RULE_DATA

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A changed book means a changed model."""
        paths = {**cls.get_default_config(), **config}
        content = b"".join(Path(paths[name]).read_bytes() for name in FILES)
        return hashlib.sha256(content).hexdigest()

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        book: Book | None = None,
    ) -> None:
        super().__init__(config, model_storage, resource, execution_context)
        self._book = book

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Check the book against the domain and keep it with the model.

        Raises:
            InvalidDomain: the book names an action or an intent that the domain lacks.
        """
        raw = {name: read_yaml_file(self.config[name]) for name in FILES}
        check_against_domain(read_book(*raw.values()), domain)
        with self._model_storage.write_to(self._resource) as directory:
            (directory / "book.json").write_text(json.dumps(raw, default=str), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ErrandPolicy:
        """The policy as it was trained."""
        with model_storage.read_from(resource) as directory:
            saved = read_json_file(directory / "book.json")
        book = read_book(*(saved[name] for name in FILES))
        return cls(config, model_storage, resource, execution_context, book)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """The plan's next action; the new state travels as slot events that no other policy can drop."""
        if self._book is None:
            return self._prediction(self._default_predictions(domain))
        turn, register = read_turn(tracker)
        state = State.from_slot(tracker.get_slot(DIALOGUE))
        action, state = next_move(self._book, state, turn, tracker.get_slot(OUTCOME))
        events: list[Event] = [SlotSet(DIALOGUE, state.as_slot()), SlotSet(OUTCOME, None)]
        if register and not turn.done and register != tracker.get_slot(REGISTER):
            events.append(SlotSet(REGISTER, register))
        if action:
            scores = confidence_scores_for(action, 1.0, domain)
        elif turn.done:
            scores = confidence_scores_for(LISTEN, BELOW_A_RULE, domain)
        else:
            scores = self._default_predictions(domain)
        return self._prediction(scores, events=events)


def check_against_domain(book: Book, domain: Domain) -> None:
    """Refuse a book that names what the domain lacks.

    Raises:
        InvalidDomain: with the names that are missing.
    """
    unknown = sorted(set(book.actions()) - set(domain.action_names_or_texts))
    unknown += sorted(set(book.intents()) - set(domain.intents))
    if unknown:
        raise InvalidDomain(f"data/errands.yml names what the domain lacks: {', '.join(unknown)}")


def read_turn(tracker: DialogueStateTracker) -> tuple[Turn, str | None]:
    """The last message, the actions since, and the register the edge asked for."""
    done: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return _turn(event, done[::-1]), (event.metadata or {}).get(REGISTER)
        if isinstance(event, ActionExecuted):
            done.append(str(event.action_name))
    return Turn(USER_INTENT_SESSION_START, done=done[::-1]), None


def _turn(event: UserUttered, done: list[str]) -> Turn:
    parsed = {**(event.parse_data or {}), "text": event.text, "intent": event.intent, "entities": event.entities}
    named = (event.metadata or {}).get(NAMED) or {}
    parts = {name: tuple(_with_named(_understood(p), named) for p in parsed.get(name) or ()) for name in PARTS}
    return replace(_with_named(_understood(parsed), named), done=done, halves=parts[HALVES], lines=parts[LINES])


def _with_named(turn: Turn, named: Mapping[str, str]) -> Turn:
    """A contract called by its nickname is as good as its number, unless a number stands there too."""
    if not named or "contract_number" in turn.entities or fold(named["name"]) not in fold(turn.text):
        return turn
    return replace(turn, entities={**turn.entities, "contract_number": named["contract"]})


def _understood(parsed: Mapping[str, Any]) -> Turn:
    entities: dict[str, Any] = {}
    for entity in parsed.get("entities") or ():
        entities.setdefault(entity["entity"], entity.get("value"))
    intent = parsed.get("intent") or {}
    return Turn(
        intent=intent.get("name"),
        confidence=float(intent.get("confidence") or 0.0),
        entities=entities,
        text=parsed.get("text") or "",
        asks=bool(parsed.get("asks")),
        ranking=tuple((r["name"], float(r["confidence"])) for r in parsed.get("intent_ranking") or ()),
    )
