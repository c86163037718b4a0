"""The one-time code that a citizen typed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Conversation
from actions.evidence import CheckCode
from services.bootstrap import Services
from services.identity.codes import CodeCheck


class NoSuchCode:
    async def check_code(self, contact: str, contract: str, typed: str) -> CodeCheck:
        return CodeCheck(ok=False, tries_left=2)


def talking(given: str) -> Any:
    services = cast(Services, SimpleNamespace(identity=NoSuchCode()))
    state = {"given": given, "frame": {"errand": "meter_reading", "contract": "455123", "details": {}}}
    return Conversation(services, "c1", "whatsapp", given, None, {}, {}, state, CollectingDispatcher())


@pytest.mark.parametrize(("given", "told"), [("481 516", ["481 516"]), ("455", [])])
async def test_what_was_tried_as_a_code_is_not_to_be_kept(given: str, told: list[str]) -> None:
    talk = talking(given)
    await CheckCode(talk.services).act(talk)
    customs = [message["custom"] for message in talk.dispatcher.messages if message.get("custom")]
    assert [custom["about"] for custom in customs if custom["what"] == "code"] == told
