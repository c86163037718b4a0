"""When María is not sure: the question again, the likely errands to choose from, and in the end a person. Pure."""

from __future__ import annotations

from bot.dialogue.book import Book
from bot.dialogue.state import State
from bot.dialogue.turn import Turn


def repeat(book: Book, state: State) -> str | None:
    """The question that is open."""
    if not (state.frame and state.asking):
        return None
    step = book.steps[state.asking]
    return step.retry or step.ask


def ask_again(book: Book, state: State) -> tuple[str, State]:
    """The open question once more; the third time a person."""
    assert state.asking
    state.misses += 1
    if state.misses >= len(book.miss):
        state.misses = 0
        return book.miss[-1], state
    return str(repeat(book, state)), state


def unsure(book: Book, state: State, turn: Turn) -> tuple[str, State]:
    """Two good guesses are offered; less than that is a miss. The third time in a row a person is."""
    state.misses += 1
    if state.misses >= len(book.miss):
        state.misses = 0
        return book.miss[-1], state
    likely = [name for name, p in turn.ranking if name in book.errands and p >= book.clarify / 2][:2]
    if likely and turn.confidence >= book.clarify:
        state.options = likely
        return book.clarify_action, state
    return book.miss[state.misses - 1], state


def outside(book: Book, state: State) -> str | None:
    """What is not María's is answered by its rule; the third time in a row a person is offered."""
    state.misses += 1
    if state.misses < len(book.miss):
        return None
    state.misses = 0
    return book.miss[-1]


def refused(book: Book, state: State, check: str) -> str | None:
    """The third answer in a row that does not fit offers a person; evidence counts its own tries."""
    if any(step.level for step in book.steps.values() if step.check == check):
        return None
    state.refused += 1
    if state.refused < len(book.miss):
        return None
    state.refused = 0
    return book.miss[-1]
