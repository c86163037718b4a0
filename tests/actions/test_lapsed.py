"""Evidence runs out while the dialogue still counts on it: the plan is told, and nobody is left at a dead end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Conversation, MariaAction
from services.bootstrap import Services
from services.identity.errors import EvidenceMissing
from services.identity.policy import Level


class Refused(MariaAction):
    action_name = "action_refused"

    async def act(self, talk: Conversation) -> None:
        raise EvidenceMissing


class Holds:
    def __init__(self, level: Level) -> None:
        self.held = level

    async def level(self, contact: str, contract: str) -> Level:
        return self.held


class CountsNothing:
    async def record(self, contact: str, turn: str, events: Any) -> None: ...


async def refused(held: Level, levels: dict[str, str]) -> tuple[list[str], dict[str, Any]]:
    services = SimpleNamespace(identity=Holds(held), analytics=CountsNothing())
    state = {"frame": {"errand": "profile_update", "contract": "455123", "details": {}}, "levels": levels}
    tracker = Tracker("c1", {"dialogue": state}, {"metadata": {}}, [], False, None, {}, None)
    dispatcher = CollectingDispatcher()
    events = await Refused(cast(Services, services)).run(dispatcher, tracker, {})
    return [m["response"] for m in dispatcher.messages], events[0]["value"]


@pytest.mark.parametrize(
    ("held", "believed", "said"),
    [
        (Level.CONTACT, "otp", ["utter_evidence_lapsed"]),
        (Level.CONTRACT, "contact", []),
        (Level.ANONYMOUS, "contract", []),
    ],
)
async def test_the_plan_hears_what_is_held_now(held: Level, believed: str, said: list[str]) -> None:
    assert await refused(held, {"455123": believed}) == (said, {"lapsed": True, "levels": {"455123": held.word}})


@pytest.mark.parametrize("levels", [{"455123": "contact"}, {}])
async def test_where_asking_again_would_not_help_it_is_said(levels: dict[str, str]) -> None:
    assert await refused(Level.CONTACT, levels) == (["utter_evidence_missing"], {"end": True})
