"""What a person is told of the contracts that came up."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Conversation
from actions.case import ask_for
from actions.contract import ALL
from services.bootstrap import KNOWLEDGE, Services
from services.handoff.rules import Rules


def talking(state: dict[str, Any]) -> Conversation:
    handoffs = SimpleNamespace(rules=Rules.read(KNOWLEDGE / "handoff.yml"))
    services = cast(Services, SimpleNamespace(handoffs=handoffs))
    return Conversation(services, "c1", "w", "con alguien", "handoff_request", {}, {}, state, CollectingDispatcher())


@pytest.mark.parametrize(
    ("at", "meant", "told"),
    [(ALL, None, None), (ALL, "455123", "455123"), ("998877", "455123", "998877")],
)
def test_all_of_them_is_no_contract_number(at: str, meant: str | None, told: str | None) -> None:
    frame = {"errand": "bill_request", "contract": at, "details": {}}
    state = {"frame": frame, "contract": meant, "levels": {ALL: "contact", "455123": "contract"}}
    ask, _ = ask_for(talking(state), "wish")
    assert (ask.contract, ask.contracts) == (told, ("455123",))
