from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from bot.nlu.entities.gazetteer import read_gazetteer
from services.clock import Clock
from services.review.service import Review
from services.storage import Database
from workbench.review.training import Training

NLU = """version: "3.1"
nlu:
- intent: {intent}
  examples: |
    - {sentence}
"""
KNOWN = {
    "greet": "hola qué tal",
    "bill_request": "quiero que me manden el recibo de la casa",
    "out_of_scope": "no hay luz",
}
TESTS = '- text: "¿me pasa mi recibo del agua?"\n  intent: bill_request\n'


@pytest.fixture(scope="session")
def gazetteer() -> Any:
    return read_gazetteer()


@pytest.fixture
def training(tmp_path: Path, gazetteer: Any) -> Training:
    """Three intents with a sentence each, and one evaluation sentence."""
    nlu, tests = tmp_path / "nlu", tmp_path / "tests"
    nlu.mkdir()
    tests.mkdir()
    for intent, sentence in KNOWN.items():
        (nlu / f"{intent}.yml").write_text(NLU.format(intent=intent, sentence=sentence), encoding="utf-8")
    (tests / "eval_01.yml").write_text(TESTS, encoding="utf-8")
    return Training(nlu, tests, gazetteer)


@pytest.fixture
def review(sqlite: Database) -> Review:
    return Review(sqlite, Clock(), days=60)


@pytest.fixture
def missed(review: Review) -> Callable[..., Coroutine[Any, Any, None]]:
    """Makes María miss messages, as (text, likeliest intent)."""

    async def make(*messages: tuple[str, str]) -> None:
        for number, (text, guess) in enumerate(messages):
            ranking = [{"name": n, "confidence": c} for n, c in ((guess, 0.44), ("greet", 0.2), ("out_of_scope", 0.1))]
            heard = {"words": text, "reason": "missed", "ranking": ranking, "entities": []}
            async with review.database.begin() as session:
                await review.keep(session, f"turn{number}", heard, None)

    return make
