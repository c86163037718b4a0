"""A conversation with the plan alone: the real book, and actions that report scripted outcomes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.dialogue.book import read_book
from bot.dialogue.plan import LISTEN, next_move
from bot.dialogue.state import State
from bot.dialogue.turn import Turn

ROOT = Path(__file__).parents[3]


def load(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def raw_book() -> Any:
    return load("data/errands.yml")


@pytest.fixture(scope="session")
def verification() -> Any:
    return load("data/knowledge/verification.yml")


@pytest.fixture(scope="session")
def care() -> Any:
    return load("data/knowledge/care.yml")


@pytest.fixture(scope="session")
def book(raw_book: Any, verification: Any, care: Any) -> Any:
    return read_book(raw_book, verification, care)


Outcomes = dict[str, Callable[[State], dict[str, Any]]]


class Talk:
    """Says things to the plan and runs its actions until it listens."""

    def __init__(self, book: Any, outcomes: Outcomes) -> None:
        self.book, self.outcomes, self.slot = book, outcomes, None

    @property
    def state(self) -> State:
        return State.from_slot(self.slot)

    def say(
        self,
        intent: str,
        text: str = "…",
        confidence: float = 0.95,
        ranking: list[Any] | None = None,
        halves: tuple[Turn, ...] = (),
        lines: tuple[Turn, ...] = (),
        **entities: Any,
    ) -> list[str | None]:
        done: list[str] = []
        outcome: dict[str, Any] = {}
        for _ in range(12):
            ranked = tuple(ranking or [(intent, confidence)])
            turn = Turn(intent, confidence, entities, text, ranked, list(done), halves, lines)
            action, state = next_move(self.book, self.state, turn, outcome)
            self.slot = state.as_slot()
            if action == LISTEN:
                return list(done)
            if action is None:
                if done:  # Rasa would listen
                    return list(done)
                done.append("by_rule")
                outcome = {}
                continue
            done.append(action)
            outcome = self.outcomes.get(action, lambda s: {})(self.state)
        raise AssertionError(f"the plan never listens: {done}")


def settle_contract(state: State) -> dict[str, Any]:
    return {"contract": state.given, "levels": {state.given: "contract"}}


def raise_to(level: str) -> Callable[[State], dict[str, Any]]:
    def outcome(state: State) -> dict[str, Any]:
        assert state.frame
        return {"levels": {state.frame.contract: level}}

    return outcome


def settle(**details: Any) -> Callable[[State], dict[str, Any]]:
    return lambda state: {"details": details}


def accept(step: str) -> Callable[[State], dict[str, Any]]:
    return lambda state: {"details": {step: state.given}}


@pytest.fixture
def talk(book: Any) -> Talk:
    return Talk(
        book,
        {
            "action_check_contract": settle_contract,
            "action_check_contact": raise_to("contact"),
            "action_check_code": raise_to("otp"),
            "action_ask_amount": settle(amount="486.00"),
            "action_check_payment_method": accept("payment_method"),
            "action_check_zone": accept("zone"),
            "action_check_new_value": accept("new_value"),
            "action_check_profile_ok": accept("profile_ok"),
            "action_settle_scope": settle(scope="street"),
            "action_check_place": accept("place"),
            "action_check_place_ok": accept("place_ok"),
            "action_check_photo": accept("photo"),
        },
    )
