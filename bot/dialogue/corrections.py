"""A detail out of turn: "no, era el 455…", "y el de marzo?", "mejor por transferencia". Pure."""

from __future__ import annotations

from bot.dialogue.answers import BARE
from bot.dialogue.book import Book, rank
from bot.dialogue.state import Frame, State
from bot.dialogue.steps import Move, go_on, take
from bot.dialogue.turn import Turn

NAMES_ONE = ("contract_number", "which")
PROVEN = "otp"  # an errand of this level changes something; digits alone do not start it again


def corrected(book: Book, state: State, turn: Turn) -> Frame | None:
    """The errand that the turn says a detail about: the one under way, else the last one, else the one offered."""
    if turn.intent not in ("inform", book.no, book.yes) and not _names_a_contract(book, turn):
        return None
    frame = state.frame or state.last
    if frame and _is_about(book, frame, turn):
        return None if frame is state.last and turn.is_figure and _changes(book, frame) else frame
    offered = state.aside[0] if state.offer and state.aside else None
    return offered if offered and _is_about(book, offered, turn, but=BARE) else None


def correct(book: Book, state: State, turn: Turn, frame: Frame) -> Move:
    """The errand once more, or further, with the new detail; what was confirmed before is confirmed again."""
    if frame is state.last:
        frame = Frame(frame.errand, frame.contract, dict(frame.details))
    state.aside = [f for f in state.aside if f is not frame]
    state.frame, state.asking, state.offer, state.misses = frame, None, False, 0
    said = frame.details.get("said")
    take(book, frame, turn)
    if said:
        frame.details["said"] = said
    for name in (*frame.raw, *_confirmations(book, frame)):
        frame.details.pop(name, None)
    return go_on(book, state)


def _names_a_contract(book: Book, turn: Turn) -> bool:
    """Understood as nothing else, it says of which contract: "y de los tres?"."""
    return turn.confidence < book.start and any(turn.entities.get(name) is not None for name in NAMES_ONE)


def _is_about(book: Book, frame: Frame, turn: Turn, but: str | None = None) -> bool:
    errand = book.errands[frame.errand]
    relevant = set(errand.takes)
    for need in errand.needs:
        relevant.update(book.steps[need.step].entities)
    return any(turn.entities.get(name) is not None for name in relevant if name != but)


def _changes(book: Book, frame: Frame) -> bool:
    needs = book.errands[frame.errand].needs
    return any(rank(book.steps[need.step].level) >= rank(PROVEN) for need in needs)


def _confirmations(book: Book, frame: Frame) -> list[str]:
    """The steps of this errand that a yes had settled."""
    steps = (book.steps[need.step] for need in book.errands[frame.errand].needs)
    return [s.name for s in steps if book.yes in s.intents and frame.details.get(s.name) == s.intents[book.yes]]
