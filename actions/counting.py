"""What an action call means for the figures. Pure; never a word of the citizen's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from services.analytics.events import Event
from services.bootstrap import DATA

PERSON = ("action_handoff", "action_handoff_open", "action_handoff_ended", "action_handoff_nobody")
CHOICES = ("action_leave_ticket", "action_keep_waiting", "action_call_me")
RATING = ("action_ask_rating", "action_rate", "action_rated")
BESIDE = (*PERSON, *CHOICES, *RATING)  # no step of the errand that is under way


@cache
def doers() -> Mapping[str, str]:
    """Errand → the action that does it (`data/errands.yml`)."""
    errands = yaml.safe_load((DATA / "errands.yml").read_text(encoding="utf-8"))["errands"]
    return {name: str(body["do"]) for name, body in errands.items()}


def events_of(
    action: str,
    errand: str,
    intent: Mapping[str, Any],
    outcome: Mapping[str, Any],
    exposed: Mapping[str, str],
    *,
    failed: str | None,
) -> list[Event]:
    """The events of one call.

    Args:
        action: its name.
        errand: the errand under way; empty: none.
        intent: Rasa's `{"name", "confidence"}`.
        outcome: what the action told the policy.
        exposed: experiments that were asked for, with the variant.
        failed: the response that said that a service refused or was down.
    """
    name = str(intent.get("name") or "")
    found = [Event("heard", name, value=_confidence(intent))] if name else []
    found += [Event("exposed", experiment, variant) for experiment, variant in exposed.items()]
    found += [Event("level", str(level)) for level in (outcome.get("levels") or {}).values()]
    for kind in ("handoff", "ticket"):
        if handed := outcome.get(kind):
            return [*found, Event(kind, str(handed["reason"]), handed.get("errand"))]
    if errand and action not in BESIDE:
        found.append(Event(_state(action, errand, outcome, failed=bool(failed)), errand, failed))  # type: ignore[arg-type]
    return found


def _confidence(intent: Mapping[str, Any]) -> float | None:
    value = intent.get("confidence")
    return round(float(value), 3) if isinstance(value, int | float) else None


def _state(action: str, errand: str, outcome: Mapping[str, Any], *, failed: bool) -> str:
    """The errand's own action does it, unless it asks again; an end before that is no success."""
    if failed:
        return "failed"
    if action == doers().get(errand) and not {"ask", "levels"} & set(outcome):
        return "done"
    return "ended" if outcome.get("end") else "step"
