"""A ticket instead of waiting for a person: what is said when there is no folio."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Conversation
from actions.handoff import LeaveTicket
from services.agora.tickets import AgoraDown, AgoraUnknown
from services.bootstrap import DATA, KNOWLEDGE, Services
from services.clock import Clock
from services.handoff.aftercare import Live
from services.handoff.model import Case
from services.handoff.rules import Rules
from services.knowledge.texts import Texts


class NoTickets:
    def __init__(self, error: Exception) -> None:
        self.error = error

    async def leave(self, contact: str, key: str, ticket: object) -> str:
        raise self.error


class Nothing:
    """What is known of a citizen: nothing, but that they wait for a person."""

    async def live(self, contact: str) -> Live | None:
        return Live("e1", "dispute", "billing", answered=False)

    async def said(self, contact: str) -> str:
        return ""

    async def case(self, ask: object, route: object) -> Case:
        return Case()

    def phone(self, number: str) -> str:
        return number


async def leaving(error: Exception, entities: dict[str, Any]) -> dict[str, Any]:
    known, texts = Nothing(), Texts(DATA / "texts.yml")
    services = SimpleNamespace(
        aftercare=known,
        gatherer=known,
        formats=known,
        handoffs=SimpleNamespace(rules=Rules.read(KNOWLEDGE / "handoff.yml")),
        places=SimpleNamespace(phone="4422110066"),
        texts=texts,
        clock=Clock(),
        tickets=NoTickets(error),
    )
    asked: Any = cast(Services, services)
    talk = Conversation(asked, "c1", "whatsapp", "", "leave_ticket", entities, {}, {}, CollectingDispatcher())
    await LeaveTicket(asked).act(talk)
    [message] = talk.dispatcher.messages
    return dict(message)


@pytest.mark.parametrize(
    ("entities", "reason"), [({"about": "agreement"}, "agreement"), ({}, "dispute")], ids=["button", "episode"]
)
async def test_trying_again_keeps_the_reason(entities: dict[str, Any], reason: str) -> None:
    said = await leaving(AgoraDown(), entities)
    [again] = said["buttons"]
    assert (said["template"], again["payload"]) == ("utter_handoff_failed", f'/handoff_request{{"about": "{reason}"}}')


async def test_what_may_have_arrived_is_not_offered_again() -> None:
    assert (await leaving(AgoraUnknown(), {}))["template"] == "utter_ticket_unknown"
