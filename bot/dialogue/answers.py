"""Whether a turn answers what was asked, and what it already says about an errand's other steps."""

from __future__ import annotations

from typing import Any

from bot.dialogue.book import Book, Step
from bot.dialogue.state import Frame
from bot.dialogue.turn import Turn

# With a matching detail in hand, this sure the classifier must be that it is a request of its own.
SURE_WITH_ANSWER = 0.75
BARE = "number"  # digits without a unit answer a question; by themselves they say nothing
LONG = 25  # characters; a longer "sí, es en la calle…" is an answer, not a bare yes


def answer_to(book: Book, step: Step, turn: Turn) -> Any | None:
    """The value this turn gives for `step`, or None."""
    if step.location and turn.location:
        return turn.location
    if step.media and turn.media:
        return turn.media
    for entity in step.entities:
        if turn.entities.get(entity) is not None:
            return turn.entities[entity]
    if turn.intent in step.intents:
        return step.intents[str(turn.intent)]
    return turn.text.strip() if step.text and _is_prose(book, step, turn) else None


def _is_prose(book: Book, step: Step, turn: Turn) -> bool:
    """Words that can be an answer in themselves: not small talk, a bare yes or a "no lo sé"."""
    if not turn.text.strip() or turn.intent in step.replies:
        return False
    is_talk = turn.intent in (*book.talk, book.yes, book.no) and turn.confidence >= book.start
    return not is_talk or len(turn.text) > LONG


def is_other_errand(book: Book, frame: Frame, step: Step, turn: Turn) -> bool:
    """Whether the turn is a request of its own rather than an answer.

    "¿Cuánto debo del 998877?" while a code is awaited holds digits, and is still a new request.
    """
    if turn.intent not in book.errands or turn.intent == frame.errand:
        return False
    if turn.tapped:
        return True
    answers = any(turn.entities.get(entity) is not None for entity in step.entities)
    return turn.confidence >= (SURE_WITH_ANSWER if answers or step.text else book.start)


def prefill(book: Book, intent: str, turn: Turn, but: str | None = None) -> dict[str, Any]:
    """What the message says about the errand's own steps, before they are asked.

    Evidence is never prefilled: a code or a registered contact counts only when it was asked for.
    """
    found: dict[str, Any] = {}
    for need in book.errands[intent].needs:
        step = book.steps[need.step]
        if step.name == but or step.level:
            continue
        if step.media and turn.media:
            found[step.name] = turn.media
        for entity in step.entities:
            if entity != BARE and turn.entities.get(entity) is not None:
                found[step.name] = turn.entities[entity]
                break
    return found
