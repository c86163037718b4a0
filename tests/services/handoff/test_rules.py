"""`data/knowledge/handoff.yml`: where a case goes, and how a citizen comes back."""

from __future__ import annotations

import re

import pytest
import yaml

from services.bootstrap import KNOWLEDGE, ROOT
from services.handoff.rules import Rules

RULES = Rules.read(KNOWLEDGE / "handoff.yml")


@pytest.mark.parametrize(
    ("reason", "errand", "words", "route"),
    [
        ("asked", None, "quiero hablar con alguien", ("asked", "general", "general", (), "medium")),
        ("asked", "bill_request", "con una persona", ("asked", "billing", "facturación", ("recibo",), "medium")),
        (
            "asked",
            None,
            "No reconozco ese cobro",
            ("dispute", "billing", "facturación", ("recibo", "aclaracion"), "medium"),
        ),
        (
            "asked",
            None,
            "quiero un convenio, pásame a alguien",
            ("agreement", "payments", "pagos", ("pago", "convenio"), "medium"),
        ),
        ("asked", None, "mi papá falleció", ("deceased", "billing", "facturación", ("recibo", "tramite"), "medium")),
        ("anger", "service_request", "", ("anger", "leaks", "fugas", ("fuga", "queja"), "high")),
        ("asked", None, "hay una fuga en la calle", ("asked", "leaks", "fugas", ("fuga",), "high")),
        ("self_harm", "bill_request", "", ("self_harm", "general", "general", ("queja",), "urgent")),
        ("nonsense", None, "", ("asked", "general", "general", (), "medium")),
    ],
)
def test_where_a_case_goes(reason: str, errand: str | None, words: str, route: tuple[object, ...]) -> None:
    found = RULES.route(reason, errand, words)
    assert (found.reason, found.subject, found.team, found.labels, found.priority) == route
    assert 1 <= len(RULES.steps(found.reason, found.subject)) <= 3


@pytest.mark.parametrize(
    "text", ["María", "¡Volver con María!", "ya mejor quiero hablar con maria", "MENÚ", "regresar", "gracias\nmenú"]
)
def test_back_to_maria(text: str) -> None:
    assert RULES.wants_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soy maría lópez",
        "mi esposa maria ya pago",
        "gracias",
        "le dije a maria que no quería volver con maria nunca más",
    ],
)
def test_not_back(text: str) -> None:
    assert not RULES.wants_back(text)


def test_only_marked_notes_are_told() -> None:
    assert RULES.closing("Para María: llega el jueves ") == "llega el jueves"
    assert RULES.closing("acuerdo: paga en tres partes") == "paga en tres partes"
    assert RULES.closing("el cliente es difícil, no decir a María") is None
    assert RULES.closing("Para María:  ") is None


def test_labels_teams_and_errands_exist() -> None:
    account = yaml.safe_load((ROOT / "sandbox/agora/account.yml").read_text(encoding="utf-8"))
    labels, teams = {one["title"] for one in account["labels"]}, {one["name"] for one in account["teams"]}
    entries = [*RULES.reasons.values(), *RULES.subjects.values()]
    assert {one.label for one in entries if one.label} <= labels
    assert {one.team for one in RULES.subjects.values()} <= teams
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert {errand for one in RULES.subjects.values() for errand in one.errands} <= set(domain["intents"])


def test_every_reason_that_a_button_names_exists() -> None:
    texts = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "data/responses").glob("*.yml"))
    named = set(re.findall(r'/handoff_request\{\{"about": "(\w+)"\}\}', texts))
    assert len(named) > 6
    assert named <= set(RULES.reasons)
