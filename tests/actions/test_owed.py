"""What is asked for and what it is laid on: nothing that was just paid, and first the bill that a button named."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest

from actions.base import Conversation
from actions.owed import debt_left, named_bill, owed
from actions.payment import CheckAmount
from services.aquasis.fake import FakeAquasis, contract
from services.aquasis.model import Bill, BillState, Debt
from services.billing.service import Billing
from services.bootstrap import DATA, Services
from services.clock import FixedClock
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.settings import Settings

NOON, CONTRACT = datetime(2026, 11, 24, 18, 0, tzinfo=UTC), "0048213"
OLD = Bill("S", date(2026, 9, 1), Decimal("448.50"), BillState.OVERDUE)
NEW = Bill("O", date(2026, 10, 1), Decimal("486.00"), BillState.PENDING)


@dataclass
class Talk:
    """A conversation about what this contract owes; `paid` is what arrived through María lately."""

    given: str = "486.00"
    choice: str | None = None
    paid: frozenset[tuple[str, int]] = frozenset()
    contract: str = CONTRACT
    contact: str = "c1"
    said: list[str] = field(default_factory=list)
    settled: dict[str, Any] = field(default_factory=dict)
    ended: bool = False

    def __post_init__(self) -> None:
        clock, aquasis = FixedClock(NOON), FakeAquasis()
        texts = Texts(DATA / "texts.yml")
        aquasis.add(contract(CONTRACT))
        aquasis.debts[CONTRACT] = Debt(total=OLD.amount + NEW.amount, bills=(OLD, NEW))
        self.services = SimpleNamespace(
            aquasis=aquasis,
            billing=Billing(aquasis, clock),
            formats=Formats(clock, texts),
            texts=texts,
            payments=SimpleNamespace(bills_paid=self._paid),
            identity=SimpleNamespace(require=self._allow),
            contacts=SimpleNamespace(linked=self._none),
            settings=Settings(_env_file=None),
        )

    @property
    def entities(self) -> dict[str, str | None]:
        return {"choice": self.choice}

    async def _paid(self, contract: str) -> frozenset[tuple[str, int]]:
        return self.paid

    async def _allow(self, *_: object) -> None:
        return None

    async def _none(self, *_: object) -> list[Any]:
        return []

    def say(self, response: str, **facts: Any) -> None:
        self.said.append(response)

    def settle(self, **details: Any) -> None:
        self.settled |= details

    def reject(self) -> None:
        self.settled["rejected"] = True

    def end(self) -> None:
        self.ended = True


def of(talk: Talk) -> Conversation:
    return cast(Conversation, talk)


async def test_what_was_just_paid_is_neither_owed_nor_paid_again() -> None:
    talk = Talk(paid=frozenset({("S", 44_850)}))
    balance = await owed(of(talk), CONTRACT)
    assert (balance.total, balance.bills) == (NEW.amount, (NEW,))
    assert await debt_left(of(talk), CONTRACT) == (NEW.amount, (NEW,))


async def check(talk: Talk) -> Talk:
    await CheckAmount(cast(Services, talk.services)).act(of(talk))
    return talk


async def test_the_bill_of_a_button_is_paid_while_it_is_owed() -> None:
    talk = await check(Talk(choice="bill O"))
    assert (talk.settled, talk.said) == ({"amount": "486.00"}, [])


@pytest.mark.parametrize("paid", [frozenset(), frozenset({("O", 48_600)})])
async def test_an_old_button_pays_no_other_bill(paid: frozenset[tuple[str, int]]) -> None:
    talk = await check(Talk(choice="bill O" if paid else "bill N", given="300.00", paid=paid))
    assert (talk.settled, talk.said, talk.ended) == ({}, ["utter_bill_not_owed"], True)


def test_only_a_button_names_a_bill() -> None:
    assert [named_bill(choice) for choice in ("bill O", "invoice 7QK2M", "bills O", "page", None)] == ["O", *[None] * 4]
