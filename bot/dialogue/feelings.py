"""What a feeling changes before the request itself is looked at. Pure.

Anger and worry do not replace the request: they open its answer with a line (`State.opening`). Danger, and somebody
fragile without water, start an urgent report at once. Self-harm stops everything.
"""

from __future__ import annotations

from bot.dialogue.care import Care, Urgent
from bot.dialogue.state import State
from bot.dialogue.turn import Turn

ANGRY = ("anger", "fury")
FAULT = "service_request_type"


def feel(care: Care, state: State, turn: Turn, start: float) -> str | Urgent | None:
    """An action that comes instead of the request, an errand that starts at once, or None: go on as usual."""
    mood = turn.entities.get("mood")
    state.opening, state.bare = {}, False
    _count_anger(care, state, turn, start)
    if mood == "self_harm":
        state.forget()
        state.bare = True
        return care.self_harm
    if urgent := _urgent(care, state, turn):
        return urgent
    if state.frame and state.frame.details.get("urgent") == "yes":
        return None
    _open(care, state, turn)
    return care.register if turn.entities.get("register") else None


def _urgent(care: Care, state: State, turn: Turn) -> Urgent | None:
    mood = turn.entities.get("mood")
    wanted = None
    if mood == "danger":
        wanted = care.danger
    elif (turn.entities.get("fragile") or mood == "distress") and _is_case(care.fragile, turn):
        wanted = care.fragile
    under_way = state.frame and wanted and state.frame.errand == wanted.errand
    if under_way and state.frame and state.frame.details.get("urgent") == "yes":
        return None
    return wanted


def _is_case(urgent: Urgent, turn: Turn) -> bool:
    return turn.entities.get(FAULT) in urgent.faults or turn.intent in urgent.intents


def _count_anger(care: Care, state: State, turn: Turn, start: float) -> None:
    """Each angry message counts; after enough calm ones it starts over."""
    mood = turn.entities.get("mood")
    state.angry = mood in ANGRY or (turn.intent == "complaint_anger" and turn.confidence >= start)
    if state.angry:
        state.anger, state.calm = state.anger + 1, 0
    else:
        state.calm += 1
        if state.calm >= care.calm_after:
            state.anger = 0
    state.upset = mood == "fury" or (state.angry and state.anger >= care.repeated)


def _open(care: Care, state: State, turn: Turn) -> None:
    """The lines that open this answer, each with the number of the wording to take."""
    if state.angry:
        state.opening[care.anger_offer if state.upset else care.anger.line] = state.anger - 1
    elif turn.entities.get("mood") == "distress":
        state.opening[care.distress.line] = 0
    if turn.entities.get("language") == "en" and not state.english and turn.intent != "out_of_scope":
        state.opening[care.english.line] = 0
        state.english = True


def alone(care: Care, state: State, turn: Turn) -> str | None:
    """What answers a feeling that came without a request that could be understood."""
    if state.angry:
        return care.anger.alone
    if turn.entities.get("mood") == "distress":
        return care.distress.alone
    if care.english.line in state.opening:
        return care.english.alone
    return None
