"""Conekta's client on customers, saved cards and their charges, against the stand-in; what we send is what it takes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import jsonschema
import pytest

from services.payments.conekta import mapping
from services.payments.conekta.errors import refused_order
from services.payments.conekta.vault import ConektaVault, saved_card
from services.payments.errors import PaymentRefused, PaymentUnknown
from services.payments.gateway import NewOrder, OrderStatus
from services.payments.model import Method
from tests.services.payments.order_contract import CHARGE_CONTRACT
from tests.services.payments.test_conekta_client import Stand

CARD = {"name": "Rosa Martinez", "cvc": "123", "exp_month": "12", "exp_year": "40"}


class Saved:
    """A customer with a card of this number."""

    def __init__(self, stand: Stand) -> None:
        self.stand, self.customer = stand, ""
        self.vault = ConektaVault(stand.client, "Servicio de agua", "maria@example.mx", "+524425550100")

    async def token(self, number: str) -> str:
        headers = {"Authorization": "Bearer key_public_sandbox"}
        body = {"card": {**CARD, "number": number}}
        return str((await self.stand.http.post("/conekta/tokens", json=body, headers=headers)).json()["id"])

    async def card(self, number: str = "4242424242424242") -> tuple[str, str]:
        self.customer = self.customer or await self.vault.create_customer("contact-1")
        return self.customer, (await self.vault.save_card(self.customer, await self.token(number))).id

    def wish(self, card: tuple[str, str], our_id: str = "p1") -> NewOrder:
        ends = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
        return NewOrder(our_id, Method.AUTO, 48_600, ends, "Servicio de agua", "x", "x@example.mx", "+52", saved=card)


@pytest.fixture
async def saved() -> AsyncIterator[Saved]:
    stand = Stand()
    yield Saved(stand)
    await stand.http.aclose()


async def test_a_customer_is_found_again_and_names_nobody(saved: Saved) -> None:
    made = await saved.vault.create_customer("contact-1")
    assert await saved.vault.find_customer("contact-1") == made
    assert await saved.vault.find_customer("contact") is None
    kept = saved.stand.conekta.book.wallet.customers[made]
    assert {kept["name"], kept["email"]} == {"Servicio de agua", "maria@example.mx"}


async def test_a_token_is_worth_one_card(saved: Saved) -> None:
    customer, token = await saved.vault.create_customer("contact-1"), await saved.token("4242424242424242")
    made = await saved.vault.save_card(customer, token)
    assert (made.brand, made.last4, made.exp_month, made.exp_year) == ("visa", "4242", 12, 2040)
    assert await saved.vault.cards(customer) == [made]
    for again in (token, "tok_made_up"):
        with pytest.raises(PaymentRefused):
            await saved.vault.save_card(customer, again)
    await saved.vault.remove_card(customer, made.id)
    await saved.vault.remove_card(customer, made.id)
    assert await saved.vault.cards(customer) == []


async def test_a_saved_card_is_charged_at_once(saved: Saved) -> None:
    wish = saved.wish(await saved.card())
    jsonschema.validate(mapping.order_body(wish), CHARGE_CONTRACT)
    made = await saved.stand.client.create_order(wish)
    assert (made.status, made.paid_centavos, made.our_id) == (OrderStatus.PAID, 48_600, "p1")
    assert made.paid_with["card"] == "visa 4242"
    assert await saved.stand.client.find("p1", datetime.now(UTC)) == [made]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("4000000000000127", "insufficient_funds"),
        ("4000000000000002", "card_declined"),
        ("4000000000000069", "suspected_fraud"),
        ("4000000000001091", "declined_by_3ds"),
    ],
)
async def test_a_refusal_comes_with_its_order_and_is_no_error(saved: Saved, number: str, code: str) -> None:
    made = await saved.stand.client.create_order(saved.wish(await saved.card(number)))
    assert (made.status, made.declines, made.paid_centavos) == (OrderStatus.DECLINED, (code,), 0)
    assert (await saved.stand.client.order(made.id)).status is OrderStatus.DECLINED


async def test_a_card_runs_dry_between_two_charges(saved: Saved) -> None:
    card = await saved.card()
    url = f"/control/conekta/sources/{card[1]}"
    await saved.stand.http.post(url, json={"answers": "insufficient_funds"})
    first = await saved.stand.client.create_order(saved.wish(card))
    await saved.stand.http.post(url, json={"answers": None})
    second = await saved.stand.client.create_order(saved.wish(card, "p2"))
    assert (first.status, second.status) == (OrderStatus.DECLINED, OrderStatus.PAID)


async def test_a_removed_card_or_anothers_customer_is_refused_without_an_order(saved: Saved) -> None:
    customer, source = await saved.card()
    other = await saved.vault.create_customer("contact-2")
    with pytest.raises(PaymentRefused):
        await saved.stand.client.create_order(saved.wish((other, source)))
    await saved.vault.remove_card(customer, source)
    with pytest.raises(PaymentRefused):
        await saved.stand.client.create_order(saved.wish((customer, source)))
    assert saved.stand.conekta.book.orders == {}


async def test_a_lost_answer_leaves_an_order_that_is_found(saved: Saved) -> None:
    card = await saved.card()
    saved.stand.fault(kind="drop", operation="orders.create")
    with pytest.raises(PaymentUnknown):
        await saved.stand.client.create_order(saved.wish(card))
    saved.stand.conekta.world.faults.active = []
    (found,) = await saved.stand.client.find("p1", datetime.now(UTC))
    assert found.status is OrderStatus.PAID


async def test_only_the_browser_may_ask_for_a_token(saved: Saved) -> None:
    body = {"card": {**CARD, "number": "4242424242424242"}}
    answer = await saved.stand.http.post("/conekta/tokens", json=body, headers={"Authorization": "Bearer key_sandbox"})
    assert answer.status_code == 401


def test_conektas_own_samples_are_understood() -> None:
    """The shapes of payments.md 5 and 9, written down here: a saved card, and the order inside a 402."""
    source = {
        "id": "src_1",
        "type": "card",
        "last4": "4607",
        "exp_month": "06",
        "exp_year": "24",
        "brand": "mastercard",
    }
    assert saved_card(source).exp_year == 2024
    charge = {"status": "declined", "amount": 2000, "failure_code": "suspected_fraud"}
    charge = {**charge, "payment_method": {"object": "card_payment"}}
    order = {"id": "ord_1", "amount": 2000, "currency": "MXN", "created_at": 1678201239, "metadata": {}}
    told = mapping.order({**order, "charges": {"data": [charge]}})
    assert (told.status, told.declines) == (OrderStatus.DECLINED, ("suspected_fraud",))
    answer = httpx.Response(402, text=json.dumps({"object": "error", "data": order}))
    assert refused_order(answer) == order
    assert refused_order(httpx.Response(422, text=answer.text)) is None
    assert refused_order(httpx.Response(402, text="<html>")) is None
