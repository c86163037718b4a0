"""Whatever offers a person says why, and each reason leads to a team, a priority and next steps."""

from __future__ import annotations

import json
import re

import pytest

from services.bootstrap import KNOWLEDGE
from services.handoff.rules import PRIORITIES, Rules
from services.knowledge.faq import Faq
from tests.data.words import ROOT, responses

RULES = Rules.read(KNOWLEDGE / "handoff.yml")
FAQ = Faq(KNOWLEDGE / "faq.yml")
OFFERS = [
    (key, button["payload"])
    for key, wordings in responses().items()
    for wording in wordings
    for button in wording.get("buttons", [])
    if button["payload"].startswith("/handoff_request")
]


@pytest.mark.parametrize(("key", "payload"), OFFERS, ids=[key for key, _ in OFFERS])
def test_every_offer_carries_its_reason(key: str, payload: str) -> None:
    entities = payload.removeprefix("/handoff_request").replace("{{", "{").replace("}}", "}")
    assert entities, f"{key}: why?"
    assert json.loads(entities)["about"] in RULES.reasons, key


def test_every_offer_in_code_carries_its_reason() -> None:
    code = "\n".join(p.read_text(encoding="utf-8") for d in ("services", "actions") for p in (ROOT / d).rglob("*.py"))
    assert set(re.findall(r'/handoff_request\{"about": "(\w+)"\}', code)) >= {"payment", "autopay"}
    assert not re.findall(r'"/handoff_request"', code)


@pytest.mark.parametrize("reason", RULES.reasons)
def test_a_reason_leads_somewhere(reason: str) -> None:
    route = RULES.route(reason, None, "")
    assert route.team
    assert route.priority in PRIORITIES
    assert 1 <= len(RULES.steps(reason, route.subject)) <= 3


@pytest.mark.parametrize(
    ("trigger", "reason", "team", "priority"),
    [
        ("utter_empathy_offer", "anger", "general", "high"),
        ("utter_anger_again", "anger", "general", "high"),
        ("utter_distress", "distress", "general", "high"),
        ("utter_miss_3", "misses", "general", "medium"),
        ("utter_step_locked", "verification", "general", "medium"),
        ("utter_aquasis_unknown", "failed", "general", "medium"),
        ("utter_aquasis_down", "failed", "general", "medium"),
        ("utter_request_unknown", "failed", "general", "medium"),
        ("utter_new_connection_by_a_person", "legal", "facturación", "medium"),
        ("utter_service_is_cut", "cut", "pagos", "high"),
        ("utter_balance_overdue", "debt", "pagos", "medium"),
    ],
)
def test_each_trigger_of_the_issue(trigger: str, reason: str, team: str, priority: str) -> None:
    named = {json.loads(p[16:].replace("{{", "{").replace("}}", "}"))["about"] for key, p in OFFERS if key == trigger}
    assert named == {reason}
    route = RULES.route(reason, None, "")
    assert (route.team, route.priority) == (team, priority)


@pytest.mark.parametrize(
    ("asked", "reason", "team"),
    [
        ("puedo pagar en partes", "agreement", "pagos"),
        ("me están cobrando de más", "dispute", "facturación"),
        ("me pueden hacer un ajuste en mi recibo", "adjustment", "facturación"),
        ("mi papá murió y el recibo está a su nombre", "deceased", "facturación"),
    ],
)
def test_what_only_people_do_is_offered_with_its_reason(asked: str, reason: str, team: str) -> None:
    found = FAQ.find(asked)
    assert found
    assert found.person == reason
    assert RULES.route(reason, "general_information", "").team == team


def test_the_reasons_of_the_answers_exist() -> None:
    assert {entry.person for entry in FAQ.entries if entry.person} <= set(RULES.reasons)


@pytest.mark.parametrize("key", ["utter_handoff_nobody", "utter_handoff_nobody_closed", "utter_call_no_phone"])
def test_what_is_offered_while_somebody_waits_is_marias(key: str) -> None:
    buttons = [button for wording in responses()[key] for button in wording["buttons"]]
    intents = {button["payload"].partition("{")[0].removeprefix("/") for button in buttons}
    back = {"menu_help"}  # by its title
    assert intents - back
    assert intents - back <= set(RULES.hers)
    assert all(RULES.wants_back(b["title"]) for b in buttons if b["payload"] == "/menu_help")
