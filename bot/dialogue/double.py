"""Two requests in one message: "cuánto debo y mándame el recibo"; and a person asked for among others. Pure.

The message was read whole, in halves, and line by line (`bot/nlu/parts`). Two errands are served only where
both halves are surely different ones and the whole says nothing else: a single request taken for two annoys more than
two of which one is served. More are served only of a burst whose lines each ask for another one. Who asks for a person
in any part asks for a person.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.dialogue.book import Book
from bot.dialogue.state import Frame, State
from bot.dialogue.steps import take
from bot.dialogue.turn import Turn

OF_BOTH = ("contract_number", "which")  # said once, meant for both
SEVERAL, AT_MOST = 3, 4  # lines of a burst that are requests; two are for the halves
OF_THE_WHOLE = ("mood", "fragile", "register", "language")


def parted(book: Book, state: State, turn: Turn) -> Turn:
    """The first request with the others behind it (`Turn.then`), or the turn as it is."""
    if person := _for_a_person(book, turn):
        return person
    parts = _several(book, turn) or (turn.halves if _are_two(book, turn) else ())
    if not parts:
        return turn
    entities = {k: v for k, v in turn.entities.items() if k in OF_THE_WHOLE}
    if state.contract is None:
        for part in reversed(parts[1:]):
            entities.update(_shared(part.entities))
    entities.update(parts[0].entities)
    then: Turn | None = None
    for part in reversed(parts[1:]):
        then = replace(part, then=then)
    return replace(parts[0], entities=entities, done=turn.done, then=then)


def _several(book: Book, turn: Turn) -> tuple[Turn, ...]:
    """Three lines or more that are surely requests, each another errand; none otherwise."""
    sure = [p for p in turn.lines if p.asks and p.intent in book.errands and p.confidence >= book.both]
    different = tuple({part.intent: part for part in reversed(sure)}.values())[::-1]
    return different[:AT_MOST] if len(different) >= SEVERAL and not turn.tapped else ()


def _for_a_person(book: Book, turn: Turn) -> Turn | None:
    """The wish for a person, wherever it stands, with the first sure errand beside it; None: there is none.

    Where the words are beyond doubt (entity `person`) they count, whatever the message as a whole was taken for.
    """
    if turn.tapped:
        return None
    parts = (*turn.lines, *turn.halves)
    if turn.entities.get("person") and turn.intent not in book.keeps:
        parts = (replace(turn, intent=book.keeps[0], confidence=1 - 1e-6), *parts, turn)
    asks = next((part for part in parts if part.intent in book.keeps and part.confidence >= book.start), None)
    if asks is None:
        return None
    also = next((part for part in parts if part.intent in book.errands and part.confidence >= book.both), None)
    return replace(turn, intent=asks.intent, confidence=asks.confidence, halves=(), lines=(), then=also)


def _are_two(book: Book, turn: Turn) -> bool:
    if len(turn.halves) != 2 or turn.tapped:
        return False
    intents = {half.intent for half in turn.halves}
    sure = all(half.intent in book.errands and half.confidence >= book.both for half in turn.halves)
    return sure and len(intents) == 2 and (turn.intent in intents or turn.confidence < book.start)


def _shared(entities: dict[str, Any]) -> dict[str, Any]:
    return {name: entities[name] for name in OF_BOTH if entities.get(name) is not None}


def keep_for_later(book: Book, state: State, turn: Turn) -> None:
    """The other requests wait on top of what is set aside; behind a person they are offered afterwards."""
    waiting: list[Frame] = []
    behind_a_person, then = turn.intent in book.keeps, turn.then
    while then is not None:
        frame = Frame(errand=str(then.intent), wanted=not behind_a_person)
        take(book, frame, then)
        waiting.append(frame)
        then = then.then
    names = {frame.errand for frame in waiting}
    state.aside = [*waiting, *(f for f in state.aside if f.errand not in names)]


def begin_next(book: Book, state: State) -> bool:
    """Put the request that still waits to be served under way, on the contract at hand where it named none."""
    if not (state.aside and state.aside[0].wanted):
        return False
    state.frame, state.aside = state.aside[0], state.aside[1:]
    state.frame.wanted = False
    if book.errands[state.frame.errand].inherits_contract:
        state.frame.contract = state.frame.contract or state.contract
    return True
