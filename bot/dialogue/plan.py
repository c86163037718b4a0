"""Which step comes next. Pure: no Rasa, no I/O.

`next_move` is asked after every message and after every action until it says listen. The actions report what
they found as an outcome:

    contract  the contract that is now meant          levels   {contract: level of evidence}
    details   answers that are now settled            rejected the answer was refused and the citizen told why
    several   that contract stands for several, in this errand alone
    proposed  an answer that a yes would take
    ask       go back to this step                    end      the errand is over, done or not
    forget    nothing goes on (locked, handed over)    again     nothing was done; the turn comes again
    lapsed    the evidence has run out since: `levels` says what is held now, and what is missing is asked for
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.answers import answer_to, is_other_errand, prefill
from bot.dialogue.book import Book, resume_action
from bot.dialogue.care import Urgent
from bot.dialogue.corrections import correct, corrected
from bot.dialogue.double import begin_next, keep_for_later, parted
from bot.dialogue.feelings import FAULT, alone, feel
from bot.dialogue.misses import ask_again, outside, refused, repeat, unsure
from bot.dialogue.state import Frame, State
from bot.dialogue.steps import Move, give, go_on, set_aside, settled, take
from bot.dialogue.turn import Turn

LISTEN = "action_listen"
ANYTHING_ELSE = "utter_anything_else"
GO_ON = "go_on"  # the tap that declines a person and goes on
OUTSIDE = "out_of_scope"
WITHOUT_REQUEST = ("complaint_anger", "inform")  # whoever is angry or desperate, and wants nothing else
Outcome = Mapping[str, Any]


def next_move(book: Book, state: State, turn: Turn, outcome: Outcome | None = None) -> Move:
    """The next action and the conversation's new state."""
    turn = parted(book, state, turn)
    if not turn.done:
        return _hear(book, state, turn)
    return _after(book, state, turn, outcome or {})


def _hear(book: Book, state: State, turn: Turn) -> Move:
    if turn.intent in book.events:
        state.opening, state.bare = {}, False
        return book.events[str(turn.intent)], state
    felt = feel(book.care, state, turn, book.start)
    if isinstance(felt, str):
        return felt, state
    if felt:
        return _start_urgent(book, state, turn, felt)
    return _hear_request(book, state, turn)


def _hear_request(book: Book, state: State, turn: Turn) -> Move:
    if turn.entities.get("choice") == GO_ON:
        return repeat(book, state) or ANYTHING_ELSE, state
    if turn.intent in book.stop and turn.confidence >= book.clarify and not _is_bare_answer(book, state, turn):
        _stop(book, state, turn)
        return book.stop[turn.intent], state
    if state.offer and turn.intent in (book.yes, book.no):
        return _resume(book, state, turn)
    if state.frame and state.asking:
        move = _hear_answer(book, state, turn)
        if move:
            return move
        if book.errands[state.frame.errand].momentary:
            state.leave()
    meant = corrected(book, state, turn)
    if meant:
        return correct(book, state, turn, meant)
    if turn.intent in book.errands:
        return _hear_errand(book, state, turn)
    return _hear_rest(book, state, turn)


def _stop(book: Book, state: State, turn: Turn) -> None:
    """Nothing is under way any more; before a person takes over it is set aside, to be offered afterwards."""
    if turn.intent in book.keeps:
        set_aside(book, state)
        keep_for_later(book, state, turn)
        state.offer, state.options = False, []
    else:
        state.forget()
    state.misses, state.opening = 0, {}


def _start_urgent(book: Book, state: State, turn: Turn, urgent: Urgent) -> Move:
    """Everything else is dropped: after an emergency nothing else is offered."""
    state.forget()
    details = {**urgent.details, "said": turn.text}
    if fault := turn.entities.get(FAULT):
        details["fault"] = fault
    if who := turn.entities.get("fragile"):
        details["who"] = who
    state.frame, state.misses, state.bare = Frame(urgent.errand, details=details), 0, True
    return go_on(book, state)


def _is_bare_answer(book: Book, state: State, turn: Turn) -> bool:
    """A figure alone answers the question, even one that elsewhere asks for a person ("0")."""
    return bool(state.frame and state.asking and turn.is_figure and answer_to(book, book.steps[state.asking], turn))


def _hear_answer(book: Book, state: State, turn: Turn) -> Move | None:
    """The turn as an answer to what was asked, or None when it is something else."""
    assert state.frame
    assert state.asking
    step = book.steps[state.asking]
    if is_other_errand(book, state.frame, step, turn):
        return None
    proposed, state.proposed = state.proposed, None
    value = answer_to(book, step, turn)
    if value is None and turn.intent == book.yes:
        value = proposed
    if value is not None:
        state.misses = 0
        if turn.intent == state.frame.errand and not turn.tapped:  # asked for again, in other words: these count
            state.frame.details["said"] = turn.text
        state.frame.raw.update(prefill(book, state.frame.errand, turn, but=step.name))
        return go_on(book, give(state, step, value))
    if turn.media and step.photo:
        state.given, state.checking = turn.media, step.name
        return step.photo, state
    if turn.media and (early := prefill(book, state.frame.errand, turn)):
        state.frame.raw.update(early)
        state.opening = {line: 0 for name in early if (line := book.steps[name].early)}
        return repeat(book, state), state
    if turn.intent in step.replies:
        return step.replies[str(turn.intent)], state
    return None


def _hear_errand(book: Book, state: State, turn: Turn) -> Move:
    if turn.confidence < book.start:
        return unsure(book, state, turn)
    intent = str(turn.intent)
    errand = book.errands[intent]
    if state.frame and state.frame.errand == intent:
        frame = state.frame
    elif state.offer and state.aside and state.aside[0].errand == intent:  # what was offered, asked for by its name
        frame, state.aside = state.aside[0], state.aside[1:]
    else:
        set_aside(book, state)
        state.aside = [f for f in state.aside if f.errand != intent]
        contract = state.contract if errand.inherits_contract else None
        frame = Frame(errand=intent, contract=contract)
    state.frame, state.asking, state.offer, state.misses = frame, None, False, 0
    take(book, frame, turn)
    keep_for_later(book, state, turn)
    return go_on(book, state)


def _hear_rest(book: Book, state: State, turn: Turn) -> Move:
    understood = turn.intent is not None and turn.confidence >= book.clarify
    if turn.intent in WITHOUT_REQUEST or not understood:
        if state.angry and (question := repeat(book, state)):
            return question, state
        if answer := alone(book.care, state, turn):
            state.opening = {}
            return answer, state
    if understood and turn.intent == OUTSIDE:
        return outside(book, state), state
    if understood and (turn.intent in book.talk or turn.is_broken):
        state.misses = 0
        return None, state
    if state.frame and state.asking:
        return ask_again(book, state)
    if turn.intent == "inform" and turn.entities.get("contract_number") is not None and not state.frame:
        return _hear_errand(book, state, replace(turn, intent=book.named))
    if not understood or turn.intent == "inform":
        return unsure(book, state, turn)
    state.misses = 0
    return None, state


def _resume(book: Book, state: State, turn: Turn) -> Move:
    state.offer = False
    if turn.intent == book.no or not state.aside:
        state.aside = [f for f in state.aside if f.wanted]
        return (book.next if begin_next(book, state) else None), state
    state.frame, state.aside = state.aside[0], state.aside[1:]
    return go_on(book, state)


def _after(book: Book, state: State, turn: Turn, outcome: Outcome) -> Move:
    if outcome.get("forget"):
        state.forget()
        return LISTEN, state
    if turn.intent in book.events:
        return _after_event(book, state, turn, outcome)
    if turn.done[-1] == book.care.register:
        if turn.intent in book.errands and turn.confidence >= book.start:
            return _hear_request(book, state, turn)
        return repeat(book, state) or LISTEN, state
    if "contract" in outcome:  # after an errand for several at once, the next one has to ask which
        state.contract = None if outcome.get("several") else outcome["contract"]
    state.levels.update(outcome.get("levels", {}))
    if state.frame is None:
        return (LISTEN if turn.done[-1] in book.actions() else None), state
    return _after_in_errand(book, state, state.frame, turn, outcome)


def _after_event(book: Book, state: State, turn: Turn, outcome: Outcome) -> Move:
    """Back from a person: what was set aside is offered; everything else leaves the conversation as it was."""
    if outcome.get("again"):  # it was not done and comes again
        return LISTEN, state
    if turn.intent in book.resumes and state.aside and not state.frame and not state.offer:
        state.offer = True
        return resume_action(state.aside[0].errand), state
    return LISTEN, state


def _after_in_errand(book: Book, state: State, frame: Frame, turn: Turn, outcome: Outcome) -> Move:
    _merge(frame, state, outcome)
    done = turn.done[-1]
    if outcome.get("lapsed"):
        state.asking = None
        return go_on(book, state)
    if outcome.get("end") or _is_done(book, frame, done, outcome):
        return _finish(book, state)
    if done in _last_words(book):
        return LISTEN, state
    if outcome.get("rejected"):
        return refused(book, state, done) or LISTEN, state
    state.refused = 0
    beside = turn.intent in book.talk or turn.is_broken
    if beside and state.asking and done not in book.actions():
        return book.steps[state.asking].ask, state
    if state.asking and done in _spoken(book, state.asking) and not settled(book, state, book.steps[state.asking]):
        return LISTEN, state
    return go_on(book, state)


def _merge(frame: Frame, state: State, outcome: Outcome) -> None:
    """What the action found, into the errand under way."""
    state.proposed = outcome.get("proposed")
    frame.contract = outcome.get("contract", frame.contract)
    frame.details.update(outcome.get("details", {}))
    if "ask" in outcome:
        frame.details.pop(outcome["ask"], None)
        frame.raw.pop(outcome["ask"], None)
    if state.checking and not outcome.get("rejected"):
        state.asking = None
    state.checking = state.given = None


def _is_done(book: Book, frame: Frame, done: str, outcome: Outcome) -> bool:
    """The errand's own action ran, and it neither asks for a detail again nor found the evidence lapsed."""
    return done == book.errands[frame.errand].do and not {"ask", "levels"} & set(outcome)


def _last_words(book: Book) -> tuple[str, ...]:
    """After these the citizen has the word, whatever is under way."""
    return (book.clarify_action, *book.miss, *book.stop.values(), *book.care.actions(), ANYTHING_ELSE)


def _spoken(book: Book, asking: str) -> tuple[str, ...]:
    """The actions after which the citizen has the word."""
    step = book.steps[asking]
    extra = tuple(a for a in (step.retry, *step.replies.values()) if a)
    return (step.ask, *extra)


def _finish(book: Book, state: State) -> Move:
    state.last = state.frame
    state.leave()
    if begin_next(book, state):
        return book.next, state
    if state.aside and not state.offer:
        state.offer = True
        return resume_action(state.aside[0].errand), state
    return LISTEN, state
