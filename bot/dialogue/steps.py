"""From one step of an errand to the next: check what was given, ask for what is missing, do it. Pure."""

from __future__ import annotations

from typing import Any

from bot.dialogue.answers import prefill
from bot.dialogue.book import Book, Errand, Step, rank
from bot.dialogue.state import Frame, State
from bot.dialogue.turn import Turn

Move = tuple[str | None, State]  # action; None: leave it to the rules


def take(book: Book, frame: Frame, turn: Turn) -> None:
    """Use everything the message already said about an errand."""
    errand = book.errands[frame.errand]
    for entity, detail in errand.takes.items():
        if turn.entities.get(entity) is not None:
            frame.details[detail] = turn.entities[entity]
    if turn.text and not turn.tapped:
        frame.details["said"] = turn.text
    frame.raw.update(prefill(book, frame.errand, turn))
    if any(need.step == "contract" for need in errand.needs):
        named = turn.entities.get("contract_number") or turn.entities.get("which")
        if named is not None:
            frame.raw["contract"] = named
            _start_anew(book, frame)


def _start_anew(book: Book, frame: Frame) -> None:
    """For another contract some details are others: what it owes is not what the first one owed."""
    for name in [name for name in frame.details if name in book.steps and book.steps[name].anew]:
        del frame.details[name]


def give(state: State, step: Step, value: Any) -> State:
    """Settle a value, or send it to its check."""
    assert state.frame
    if step.check:
        state.given, state.checking = value, step.name
    else:
        state.frame.details[step.name] = value
        state.asking = None
    state.frame.raw.pop(step.name, None)
    return state


def go_on(book: Book, state: State) -> Move:
    """Check what was given, else ask for what is missing, else do it."""
    frame = state.frame
    assert frame
    if state.checking:
        return str(book.steps[state.checking].check), state
    if "contract" in frame.raw:
        return go_on(book, give(state, book.steps["contract"], frame.raw["contract"]))
    step = _missing(book, book.errands[frame.errand], state)
    if step is None:
        state.asking = None
        return book.errands[frame.errand].do, state
    if step.name in frame.raw:
        return go_on(book, give(state, step, frame.raw[step.name]))
    state.asking = step.name
    return step.ask, state


def _missing(book: Book, errand: Errand, state: State) -> Step | None:
    assert state.frame
    for need in errand.needs:
        step = book.steps[need.step]
        if need.applies(state.frame.details) and not settled(book, state, step):
            return step
    return None


def settled(book: Book, state: State, step: Step) -> bool:
    """Whether this step is answered, or the evidence it earns is held."""
    frame = state.frame
    assert frame
    if step.level:
        return frame.contract is not None and rank(state.levels.get(frame.contract)) >= rank(step.level)
    return frame.details.get(step.name) is not None


def set_aside(book: Book, state: State) -> None:
    """Put the errand under way aside, unless it is one of a moment."""
    if state.frame and book.errands[state.frame.errand].momentary:
        state.leave()
    state.set_aside()
