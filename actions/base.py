"""What every action shares: the errand as the policy sees it, the way to answer, and what happens on an error.

An action never writes the dialogue's state. It tells the policy what it found as an *outcome* (see
`bot/dialogue/plan.py`): a contract, a level of evidence, settled details, a rejected answer, the end.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import SQLAlchemyError

from actions.counting import events_of
from services.bootstrap import Services
from services.errors import ServiceError
from services.identity.errors import EvidenceMissing
from services.identity.policy import Level
from services.knowledge.texts import USTED

log = structlog.get_logger(__name__)


@dataclass
class Conversation:
    """One action call: who, in the middle of which errand, having said what."""

    services: Services
    contact: str
    channel: str
    text: str
    intent: str | None
    entities: Mapping[str, Any]
    metadata: Mapping[str, Any]
    state: Mapping[str, Any]
    dispatcher: CollectingDispatcher
    register: str = USTED  # usted | tu: how the citizen is spoken to
    outcome: dict[str, Any] = field(default_factory=dict)
    exposed: dict[str, str] = field(default_factory=dict)  # experiment → the variant that was asked for
    slots: dict[str, Any] = field(default_factory=dict)  # to be set besides

    @property
    def frame(self) -> Mapping[str, Any]:
        """The errand under way: `errand`, `contract`, `details`. Empty outside an errand."""
        return self.state.get("frame") or {}

    @property
    def errand(self) -> str:
        """Its intent name."""
        return str(self.frame.get("errand", ""))

    @property
    def contract(self) -> str | None:
        """The contract it is about."""
        return self.frame.get("contract")

    @property
    def details(self) -> Mapping[str, Any]:
        """What is known for it so far."""
        return self.frame.get("details") or {}

    @property
    def given(self) -> Any:
        """The answer to be checked."""
        return self.state.get("given")

    @property
    def turn_id(self) -> str:
        """The same for every replay of this turn; with the action's name it makes a write happen once."""
        return str(self.metadata.get("turn_id") or "")

    @property
    def phone(self) -> str | None:
        """The number the citizen writes from, 10 digits; None when the channel hides it."""
        return self.metadata.get("phone")

    def words(self, key: str, **facts: object) -> str:
        """A text of `data/texts.yml` in the citizen's register."""
        return self.services.texts.get(key, self.register, **facts)

    def variant(self, experiment: str) -> str:
        """The citizen's variant of an experiment; asking is what counts as being exposed to it."""
        self.exposed[experiment] = self.services.experiments.variant(self.contact, experiment)
        return self.exposed[experiment]

    def say(
        self,
        response: str,
        *,
        image: str | None = None,
        document: str | None = None,
        options: list[dict[str, str]] | None = None,
        custom: dict[str, Any] | None = None,
        **facts: Any,
    ) -> None:
        """Answer with a key of `data/responses/`, its blanks filled with `facts`.

        Args:
            response: the key.
            image: a media id to show above the text.
            document: a media id to send with the text.
            options: buttons beside the response's own: `{"title", "payload", "description"?}`.
            custom: e.g. `{"kind": "location_request"}`, `{"list_button": …}`.
            facts: values for the blanks, already formatted for a citizen.
        """
        extra: dict[str, Any] = {k: str(v) for k, v in facts.items()}
        self.dispatcher.utter_message(
            response=response,
            image=image,
            attachment=document,
            buttons=options,
            json_message=custom,
            **extra,
        )

    def later(self, event: str, **entities: str) -> None:
        """Come back to it in a turn of its own, after this answer has gone out: one of `events` in the errands."""
        self.dispatcher.utter_message(json_message={"kind": "later", "event": event, "entities": entities})

    def tells(self, what: str, about: str) -> None:
        """Noted when this answer is written, and not before: what is lost on the way is then said again.

        `what`: handoff (the answer says that a person has it), rating (it asks how the person did), code (the
        citizen's words held this code).
        """
        self.dispatcher.utter_message(json_message={"kind": "tells", "what": what, "about": about})

    def settle(self, **details: Any) -> None:
        """Details that are now known."""
        self.outcome.setdefault("details", {}).update(details)

    def reject(self) -> None:
        """The answer was refused and the citizen has been told why and what to do."""
        self.outcome["rejected"] = True

    def propose(self, value: str) -> None:
        """An answer to the open question that the citizen has just been shown: a yes takes it."""
        self.reject()
        self.outcome["proposed"] = value

    def end(self) -> None:
        """The errand is over, done or not."""
        self.outcome["end"] = True

    def ask_again(self, step: str) -> None:
        """Go back to this step."""
        self.outcome["ask"] = step

    def now_at(self, contract: str, level: str) -> None:
        """The contract that is meant and the evidence held for it."""
        self.outcome["contract"] = contract
        self.outcome.setdefault("levels", {})[contract] = level

    def now_at_several(self, name: str, level: str) -> None:
        """This errand alone is about several contracts, under this name, with the evidence held for each."""
        self.now_at(name, level)
        self.outcome["several"] = True


class MariaAction(Action, ABC):
    """Base of all actions. `response_on_error` names what to say when a service error carries no better key."""

    action_name: ClassVar[str]

    def __init__(self, services: Services) -> None:
        self.services = services

    def name(self) -> str:
        """As in the domain."""
        return self.action_name

    @abstractmethod
    async def act(self, talk: Conversation) -> None:
        """Do it: answer with `talk.say`, report with `talk.settle`, `reject`, `end`."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Called by rasa-sdk. A service's error becomes its kind answer and ends the errand."""
        talk = conversation(self.services, dispatcher, tracker)
        failed: str | None = None
        try:
            await self.act(talk)
        except EvidenceMissing as error:
            if not await _lapsed(talk):
                talk.say(error.response)
                talk.outcome, failed = {"end": True}, error.response
        except ServiceError as error:
            log.info("action_failed", action=self.action_name, error=type(error).__name__, detail=error.response)
            talk.say(error.response, **error.facts)
            talk.outcome, failed = {"end": True}, error.response
        await self._count(talk, tracker, failed=failed)
        slots = {**talk.slots, **({"outcome": talk.outcome} if talk.outcome else {})}
        return [SlotSet(name, value) for name, value in slots.items()]

    async def _count(self, talk: Conversation, tracker: Tracker, *, failed: str | None) -> None:
        """For the figures; an answer never hangs on them."""
        own = talk.metadata.get("kind") == "event"  # María's own turn: nobody said anything
        intent = {} if own else (tracker.latest_message or {}).get("intent") or {}
        events = events_of(self.action_name, talk.errand, intent, talk.outcome, talk.exposed, failed=failed)
        try:
            await self.services.analytics.record(talk.contact, talk.turn_id, events)
        except SQLAlchemyError as error:
            log.warning("not_counted", action=self.action_name, error=type(error).__name__)


async def _lapsed(talk: Conversation) -> bool:
    """What the plan counted on has run out: tell it what is held now, so that it asks for the proof again.

    False where it counted on no more than is held: then asking again would not help.
    """
    believed = (talk.state.get("levels") or {}).get(talk.contract)
    if talk.contract is None or believed is None:
        return False
    held = await talk.services.identity.level(talk.contact, talk.contract)  # none for "all of them"
    if held >= Level.named(believed):
        return False
    if Level.named(believed) >= Level.OTP:
        talk.say("utter_evidence_lapsed")
    talk.outcome = {"lapsed": True, "levels": {talk.contract: held.word}}
    return True


def conversation(services: Services, dispatcher: CollectingDispatcher, tracker: Tracker) -> Conversation:
    """Read what the policy and the edge put into the tracker."""
    message: dict[str, Any] = tracker.latest_message or {}
    entities: dict[str, Any] = {}
    for entity in message.get("entities") or []:
        entities.setdefault(entity["entity"], entity.get("value"))
    return Conversation(
        services=services,
        contact=tracker.sender_id,
        channel=tracker.get_latest_input_channel() or "",
        text=message.get("text") or "",
        intent=(message.get("intent") or {}).get("name"),
        entities=entities,
        metadata=message.get("metadata") or {},
        state=tracker.get_slot("dialogue") or {},
        dispatcher=dispatcher,
        register=tracker.get_slot("register") or USTED,
    )
