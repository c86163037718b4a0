"""The client against the stand-in, over its real HTTP surface."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from fastapi import FastAPI

from sandbox.conekta.cards import FUNDS
from sandbox.conekta.checkout import GOOD
from sandbox.conekta.router import Conekta
from sandbox.data import SandboxData
from sandbox.faults import Fault
from sandbox.world import World
from services.clock import Clock
from services.metrics import GATEWAY_MISCONFIGURED
from services.payments.bootstrap import build_payments
from services.payments.clabe import is_clabe
from services.payments.conekta import mapping
from services.payments.conekta.client import ConektaClient
from services.payments.errors import Misconfigured, OrderMissing, PaymentsUnavailable, PaymentUnknown
from services.payments.gateway import NewOrder, OrderStatus
from services.payments.keys import KeyRing
from services.payments.model import ASKED_FOR, BillShare, Kind, Method
from services.settings import Settings
from services.storage import Database
from services.storage.metadata import metadata
from tests.services.payments.conftest import FakeLedger
from tests.services.payments.order_contract import ORDER_CONTRACT

URL = "http://sandbox/conekta"


class Stand:
    """The stand-in, its webhooks held back, and a client for it."""

    def __init__(self) -> None:
        self.events: list[tuple[bytes, str]] = []
        catcher = httpx.AsyncClient(transport=httpx.MockTransport(self._catch))
        self.conekta = Conekta(World(SandboxData()), catcher)
        app = FastAPI()
        app.include_router(self.conekta.router)
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox")
        self.client = ConektaClient(self.http, URL, "key_sandbox")

    def _catch(self, request: httpx.Request) -> httpx.Response:
        self.events.append((request.content, request.headers["DIGEST"]))
        return httpx.Response(200)

    def fault(self, **fault: Any) -> None:
        self.conekta.world.faults.active = [Fault(system="conekta", **fault)]


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    made = Stand()
    yield made
    await made.http.aclose()


def wish(method: Method = Method.CASH, our_id: str = "p1") -> NewOrder:
    return NewOrder(
        our_id=our_id,
        method=method,
        amount_centavos=48_600,
        expires_at=datetime.now(UTC).replace(microsecond=0) + timedelta(days=3),
        title="Servicio de agua 0048213",
        payer_name="Contrato 0048213",
        payer_email="maria@example.mx",
        payer_phone="+524425550100",
        return_url="https://pagos.example.mx/pagar/x/resultado" if method is Method.CARD else None,
    )


@pytest.mark.parametrize("method", ASKED_FOR)
def test_our_order_bodies_keep_the_contract(method: Method) -> None:
    jsonschema.validate(mapping.order_body(wish(method)), ORDER_CONTRACT)


async def test_cash_and_spei_orders_come_back_whole(stand: Stand) -> None:
    cash = await stand.client.create_order(wish())
    assert (cash.status, cash.our_id, cash.amount_centavos) == (OrderStatus.OPEN, "p1", 48_600)
    assert cash.charges[0].stores
    assert cash.charges[0].expires_at == wish().expires_at
    spei = await stand.client.create_order(wish(Method.SPEI, "p2"))
    assert is_clabe(spei.charges[0].reference)
    assert spei.charges[0].bank == "STP"
    assert await stand.client.order(spei.id) == spei


async def test_a_card_order_has_a_page_and_tells_how_cards_fared(stand: Stand) -> None:
    made = await stand.client.create_order(wish(Method.CARD))
    assert (made.status, made.charges, made.declines, made.underway) == (OrderStatus.OPEN, (), (), False)
    assert made.checkout_url is not None
    order, number = stand.conekta.book.get(made.id), "4000000000000127"
    card = replace(GOOD, number=number)
    stand.conekta.book.refuse_card(order, card, FUNDS)
    refused = await stand.client.order(made.id)
    assert (refused.status, refused.declines, refused.used_up) == (
        OrderStatus.DECLINED,
        ("insufficient_funds",),
        False,
    )
    stand.conekta.book.challenge(order, GOOD)
    assert (await stand.client.order(made.id)).underway
    stand.conekta.book.pay_card(order, stand.conekta.book.end_challenge(order))
    paid = await stand.client.order(made.id)
    assert (paid.status, paid.paid_centavos, paid.our_id) == (OrderStatus.PAID, 48_600, "p1")


async def test_both_cash_networks_are_understood(stand: Stand) -> None:
    stand.conekta.book.network = "oxxo"
    made = await stand.client.create_order(wish())
    assert (made.charges[0].stores, made.charges[0].product) == (("OXXO",), "oxxo")


async def test_an_order_is_found_by_our_id_and_can_be_cancelled(stand: Stand) -> None:
    made = await stand.client.create_order(wish(our_id="abc"))
    await stand.client.create_order(wish(our_id="abcd"))
    assert [o.id for o in await stand.client.find("abc", datetime.now(UTC))] == [made.id]
    assert (await stand.client.cancel(made.id)).status is OrderStatus.CANCELLED
    assert await stand.client.find("zzz", datetime.now(UTC)) == []


async def test_it_is_found_even_if_search_does_not_look_at_metadata(stand: Stand, monkeypatch) -> None:
    from sandbox.conekta.orders import Order

    made = await stand.client.create_order(wish(our_id="abc"))
    monkeypatch.setattr(Order, "mentions", lambda self, words: False)
    assert [o.id for o in await stand.client.find("abc", datetime.now(UTC))] == [made.id]


async def test_refusals_and_silences_are_told_apart(stand: Stand) -> None:
    with pytest.raises(OrderMissing):
        await stand.client.order("ord_none")
    before = GATEWAY_MISCONFIGURED.labels("401")._value.get()
    with pytest.raises(Misconfigured):
        await ConektaClient(stand.http, URL, "wrong").create_order(wish())
    assert GATEWAY_MISCONFIGURED.labels("401")._value.get() == before + 1
    stand.fault(kind="error", status=500)
    with pytest.raises(PaymentUnknown):
        await stand.client.create_order(wish())
    with pytest.raises(PaymentsUnavailable):
        await stand.client.order("ord_none")
    stand.fault(kind="error", status=429)
    with pytest.raises(PaymentsUnavailable):
        await stand.client.create_order(wish())


@pytest.mark.parametrize(
    ("error", "expected"),
    [(httpx.ReadTimeout, PaymentUnknown), (httpx.ConnectError, PaymentsUnavailable)],
)
async def test_a_broken_line_is_unknown_only_if_something_may_have_left(error, expected) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error("broken")

    client = ConektaClient(httpx.AsyncClient(transport=httpx.MockTransport(fail)), URL, "k")
    with pytest.raises(expected):
        await client.create_order(wish())


async def test_after_some_failures_nobody_waits(stand: Stand) -> None:
    stand.fault(kind="error", status=503)
    for _ in range(4):
        with pytest.raises(PaymentsUnavailable):
            await stand.client.order("ord_1")
    stand.conekta.world.faults.clear()
    with pytest.raises(PaymentsUnavailable, match="circuit open"):
        await stand.client.order("ord_1")


async def test_an_answer_that_is_no_order_is_not_taken_for_one() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={"id": "ord_1"}))
    client = ConektaClient(httpx.AsyncClient(transport=transport), URL, "k")
    with pytest.raises(PaymentUnknown):
        await client.create_order(wish())
    with pytest.raises(PaymentsUnavailable):
        await client.order("ord_1")


async def test_the_keys_check_what_the_stand_in_signs(stand: Stand) -> None:
    await stand.client.create_order(wish())
    while len(stand.events) < 2:
        await asyncio.sleep(0.01)
    ring = KeyRing(stand.client, Clock())
    for raw, digest in stand.events:
        await ring.check(raw, digest)


async def test_from_the_wish_to_the_ledger(stand: Stand, tmp_path: Path) -> None:
    db, ledger = Database(f"sqlite+aiosqlite:///{tmp_path / 'p.db'}"), FakeLedger()
    async with db.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    settings = Settings(_env_file=None, conekta_url=URL)
    payments = build_payments(settings, db, Clock(), ledger, stand.http)
    stand.fault(kind="drop", operation="orders.create", remaining=1)
    bills = [BillShare("F1", 48_600, "R1")]
    made = await payments.create_reference("c1", "0048213", Method.SPEI, 48_600, bills, "k1")
    assert len(stand.conekta.book.orders) == 1
    assert stand.conekta.book.by_reference(made.clabe)
    stand.conekta.book.settle(*stand.conekta.book.by_reference(made.clabe))
    while len(stand.events) < 4:
        await asyncio.sleep(0.01)
    kinds = [change.kind for event in stand.events for change in await payments.handle_webhook(*event)]
    assert kinds == [Kind.PAID, Kind.POSTED]
    assert [reference for reference, _ in ledger.posted] == ["R1"]
    await db.close()
