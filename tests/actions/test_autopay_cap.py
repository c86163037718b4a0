"""The cap of auto-pay as people answer it: what is not surely "without" is never taken for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from actions.autopay import CheckAutopayCap
from services.bootstrap import DATA
from services.clock import Clock
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.settings import Settings


@dataclass
class Talk:
    """What the check hears, and what it does about it."""

    given: str
    settled: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    services: Any = None

    def __post_init__(self) -> None:
        formats = Formats(Clock(), Texts(DATA / "texts.yml"))
        self.services = SimpleNamespace(settings=Settings(_env_file=None), formats=formats)

    def say(self, key: str, **facts: Any) -> None:
        self.said.append(key)

    def settle(self, **details: Any) -> None:
        self.settled = details

    def reject(self) -> None:
        self.said.append("rejected")


async def answered(given: str) -> Talk:
    talk: Any = Talk(given)
    await CheckAutopayCap(talk.services).act(talk)
    return talk


@pytest.mark.parametrize(
    ("given", "cap"),
    [("none", "none"), ("no", "none"), ("Sin tope", "none"), ("500", "500.00"), ("$1,204.5", "1204.50")],
)
async def test_what_is_clear_is_settled(given: str, cap: str) -> None:
    assert (await answered(given)).settled == {"autopay_cap": cap}


@pytest.mark.parametrize(
    "given",
    ["no sé", "novecientos", "sin pasar de 500", "500,50", "nan", "-inf", "sNaN", "1e30", "9" * 40, ""],
)
async def test_what_is_not_is_asked_again(given: str) -> None:
    talk = await answered(given)
    assert talk.settled == {}
    assert talk.said == ["utter_autopay_cap_not_understood", "rejected"]


async def test_a_cap_below_the_least_payment_is_no_cap() -> None:
    assert (await answered("0")).said == ["utter_amount_too_small", "rejected"]
