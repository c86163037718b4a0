"""Two requests in one message: "cuánto debo y mándame el recibo". Pure.

The message was read whole and in halves (`bot/nlu/two_requests.py`). Two errands are served only where both halves
are surely different ones and the whole says nothing else: a single request taken for two annoys more than two of
which one is served.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.dialogue.book import Book
from bot.dialogue.state import Frame, State
from bot.dialogue.steps import take
from bot.dialogue.turn import Turn

OF_BOTH = ("contract_number", "which")  # said once, meant for both
OF_THE_WHOLE = ("mood", "fragile", "register", "language")


def parted(book: Book, state: State, turn: Turn) -> Turn:
    """The first request with the second behind it (`Turn.then`), or the turn as it is."""
    if not _are_two(book, turn):
        return turn
    first, second = turn.halves
    entities = {k: v for k, v in turn.entities.items() if k in OF_THE_WHOLE}
    if state.contract is None:
        entities.update(_shared(second.entities))
    entities.update(first.entities)
    return replace(first, entities=entities, done=turn.done, then=second)


def _are_two(book: Book, turn: Turn) -> bool:
    if len(turn.halves) != 2 or turn.tapped:
        return False
    intents = {half.intent for half in turn.halves}
    sure = all(half.intent in book.errands and half.confidence >= book.both for half in turn.halves)
    return sure and len(intents) == 2 and (turn.intent in intents or turn.confidence < book.start)


def _shared(entities: dict[str, Any]) -> dict[str, Any]:
    return {name: entities[name] for name in OF_BOTH if entities.get(name) is not None}


def keep_for_later(book: Book, state: State, turn: Turn) -> None:
    """The second request waits on top of what is set aside."""
    if turn.then is None:
        return
    frame = Frame(errand=str(turn.then.intent), wanted=True)
    take(book, frame, turn.then)
    state.aside = [frame, *(f for f in state.aside if f.errand != frame.errand)]


def begin_next(book: Book, state: State) -> bool:
    """Put the request that still waits to be served under way, on the contract at hand where it named none."""
    if not (state.aside and state.aside[0].wanted):
        return False
    state.frame, state.aside = state.aside[0], state.aside[1:]
    state.frame.wanted = False
    if book.errands[state.frame.errand].inherits_contract:
        state.frame.contract = state.frame.contract or state.contract
    return True
