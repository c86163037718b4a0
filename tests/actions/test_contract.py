"""Which of several contracts is meant: the list page by page, "los dos", "el otro"."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions import contract as actions_contract
from actions.base import Conversation
from actions.contract import ALL, BOTH, MORE, OTHER, AskContract, CheckContract
from services.bootstrap import DATA, KNOWLEDGE, Services
from services.contacts.naming import Naming
from services.contacts.service import LinkedContract
from services.identity.policy import Policy
from services.knowledge.texts import Texts

POLICY = Policy.read(KNOWLEDGE / "verification.yml")
FOURTEEN = [f"09201{number:02d}" for number in range(14)]


class FewContacts:
    def __init__(self, numbers: list[str]) -> None:
        self.mine = [LinkedContract(number, None, False) for number in numbers]

    async def linked(self, contact: str) -> list[LinkedContract]:
        return self.mine


class KnownPhone:
    """Recognises the phone for these contracts."""

    def __init__(self, numbers: list[str], policy: Policy) -> None:
        self.registered, self.policy = numbers, policy

    async def see_contract(self, contact: str, contract: str) -> None: ...

    async def recognise(self, contact: str, contract: str, phone: str | None) -> bool:
        return contract in self.registered


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The contracts that were settled; the real thing asks Aquasis."""
    numbers: list[str] = []

    async def settle(talk: Conversation, number: str) -> None:
        numbers.append(number)

    monkeypatch.setattr(actions_contract, "settle_contract", settle)
    return numbers


def talking(
    numbers: list[str],
    given: str | None = None,
    errand: str = "balance_inquiry",
    at: str | None = None,
    registered: list[str] | None = None,
    policy: Policy = POLICY,
) -> Any:
    identity = KnownPhone(registered or [], policy)
    services = SimpleNamespace(contacts=FewContacts(numbers), identity=identity, texts=Texts(DATA / "texts.yml"))
    state = {"frame": {"errand": errand, "contract": at, "details": {}}, "given": given}
    return Conversation(cast(Services, services), "c1", "w", "", None, {}, {}, state, CollectingDispatcher())


def rows(talk: Conversation) -> list[tuple[str, str]]:
    [message] = talk.dispatcher.messages
    payloads = [button["payload"].removeprefix("/inform") for button in message["buttons"]]
    titles = [button["title"] for button in message["buttons"]]
    return list(zip(titles, [json.loads(p)["contract_number"] for p in payloads], strict=True))


async def check(talk: Conversation) -> Conversation:
    await CheckContract(cast(Services, talk.services)).act(talk)
    return talk


async def test_fourteen_contracts_are_two_pages_that_together_show_each_once() -> None:
    first = talking(FOURTEEN)
    await AskContract(first.services).act(first)
    shown = rows(first)
    more = next(given for _, given in shown if given.startswith(MORE))
    second = rows(await check(talking(FOURTEEN, more)))
    assert max(len(shown), len(second)) <= 10
    assert [g for _, g in shown + second if g.isdigit()] == FOURTEEN
    assert shown[-1] == second[-1] == ("Todos", ALL)
    assert (f"{MORE}0") in [given for _, given in second]


@pytest.mark.parametrize("count", range(2, 30))
async def test_every_page_fits_a_whatsapp_list(count: int) -> None:
    numbers = [f"1000{n:02d}" for n in range(count)]
    given, seen = f"{MORE}0", []
    while True:
        shown = rows(await check(talking(numbers, given)))
        assert len(shown) <= 10
        seen += [g for _, g in shown if g.isdigit()]
        onward = [g for _, g in shown if g.startswith(MORE) and g != f"{MORE}0"]
        if not onward:
            break
        given = onward[0]
    assert seen == numbers


async def test_both_are_taken_together_where_the_errand_can(settled: list[str]) -> None:
    talk = await check(talking(["111111", "222222"], ALL))
    assert talk.outcome["contract"] == ALL
    bills = await check(talking(["111111", "222222"], ALL, "bill_request", registered=["111111", "222222"]))
    assert bills.outcome == {"contract": ALL, "levels": {ALL: "contact"}, "several": True}
    asked = await check(talking(["111111", "222222"], ALL, "payment_reference"))
    assert asked.outcome["rejected"]
    assert [given for _, given in rows(asked)] == ["111111", "222222"]


async def test_no_bill_is_sent_for_all_where_the_phone_is_not_the_registered_one_of_each(settled: list[str]) -> None:
    asked = await check(talking(["111111", "222222"], ALL, "bill_request", registered=["111111"]))
    assert asked.outcome["rejected"]
    assert [given for _, given in rows(asked)] == ["111111", "222222"]
    many = [f"11111{n}" for n in range(6)]
    assert "contract" not in (await check(talking(many, ALL, "bill_request", registered=many))).outcome


@pytest.mark.parametrize("level", ["contact", "otp"])
async def test_a_stricter_policy_holds_for_all_of_them_too(settled: list[str], level: str) -> None:
    stricter = POLICY.model_copy(update={"goals": {**POLICY.goals, "balance_inquiry": {"chat": level}}})
    asked = await check(talking(["111111", "222222"], ALL, policy=stricter))
    assert (asked.outcome.get("rejected"), asked.outcome.get("contract")) == (True, None)
    known = await check(talking(["111111", "222222"], ALL, registered=["111111", "222222"], policy=stricter))
    assert known.outcome.get("contract") == (ALL if level == "contact" else None)


async def test_both_of_one_is_that_one_and_of_none_a_question(settled: list[str]) -> None:
    await check(talking(["111111"], ALL))
    assert settled == ["111111"]
    nobody = await check(talking([], ALL))
    assert nobody.dispatcher.messages[0]["response"] == "utter_ask_contract"


async def test_the_other_of_two_is_clear_and_of_three_is_asked(settled: list[str]) -> None:
    await check(talking(["111111", "222222"], OTHER, at="111111"))
    assert settled == ["222222"]
    asked = await check(talking(["111111", "222222", "333333"], OTHER, at="111111"))
    assert [given for _, given in rows(asked) if given.isdigit()] == ["222222", "333333"]


async def test_both_of_two_are_all_of_them_and_both_of_three_are_asked(settled: list[str]) -> None:
    assert (await check(talking(["111111", "222222"], BOTH))).outcome["contract"] == ALL
    three = await check(talking(["111111", "222222", "333333"], BOTH))
    assert (three.outcome.get("rejected"), three.dispatcher.messages[0]["response"]) == (True, "utter_which_two")
    assert rows(three)[-1] == ("Todos", ALL)


@pytest.mark.parametrize(
    ("said", "at_hand", "expected"),
    [
        ("ponle depa", "222222", ["222222"]),
        ("quita ese contrato", "222222", ["222222"]),
        ("agrega otro contrato", "222222", []),
    ],
)
async def test_a_name_without_a_number_is_for_the_contract_at_hand(
    settled: list[str], said: str, at_hand: str, expected: list[str]
) -> None:
    talk = talking(["111111", "222222"], errand="add_contract")
    talk = replace(talk, text=said, state={**talk.state, "contract": at_hand})
    talk.services.naming = Naming.read(KNOWLEDGE / "contracts.yml")
    await AskContract(talk.services).act(talk)
    assert settled == expected
