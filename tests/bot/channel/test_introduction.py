"""Who speaks is said once: before a new contact's first answer, unless that answer says it itself."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channel.introduction import introduce

NEW: dict[str, Any] = {"first_contact": True}


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(["domain.yml", "data/responses/start.yml"])


def introduction(domain: Domain) -> str:
    return str(domain.responses["utter_introduction"][0]["text"])


def test_the_first_text_of_a_new_contact_is_introduced(domain: Domain) -> None:
    replies = [{"custom": {"kind": "place"}}, {"text": "Debe 5."}, {"text": "Otra."}]
    said = [r.get("text") for r in introduce(replies, domain, NEW)]
    assert said == [None, f"{introduction(domain)}\nDebe 5.", "Otra."]
    assert introduce(replies, domain, {}) == replies


def test_an_answer_that_only_names_her_is_introduced_all_the_same(domain: Domain) -> None:
    [said] = introduce([{"text": "*María* no cobra nada."}], domain, NEW)
    assert said["text"].startswith(introduction(domain))


@pytest.mark.parametrize("register", ["usted", "tu"])
async def test_the_first_greeting_introduces_her_itself(domain: Domain, register: str) -> None:
    tracker = DialogueStateTracker("c1", domain.slots)
    tracker.slots["register"].value = register
    maker = TemplatedNaturalLanguageGenerator(domain.responses)
    greeting = await maker.generate("utter_greet_first", tracker, CollectingOutputChannel.name())
    assert greeting is not None
    assert "*María*" in greeting["text"]
    assert introduce([greeting], domain, NEW) == [greeting]
