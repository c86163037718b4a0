"""Paying, expiring, and the webhooks that tell of it."""

from __future__ import annotations

import asyncio
import base64
import json

import httpx
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from sandbox.conekta.router import Conekta
from sandbox.faults import Fault
from tests.sandbox.conekta.conftest import Caught, order


async def until(caught: Caught, count: int) -> list[dict]:
    for _ in range(200):
        if len(caught.requests) >= count:
            break
        await asyncio.sleep(0.02)
    return [json.loads(request.content) for request in caught.requests]


async def test_a_till_payment_is_told_by_signed_webhooks(api: httpx.AsyncClient, caught: Caught) -> None:
    made = (await api.post("/conekta/orders", json=order())).json()
    await until(caught, 2)
    reference = made["charges"]["data"][0]["payment_method"]["reference"]
    said = (await api.post("/control/conekta/pay", json={"reference": reference})).json()
    assert said["result"] == "paid"
    events = await until(caught, 4)
    assert {e["type"] for e in events} == {
        "order.created",
        "order.pending_payment",
        "charge.paid",
        "order.paid",
    }
    paid = next(e for e in events if e["type"] == "order.paid")
    assert paid["data"]["object"]["payment_status"] == "paid"
    assert paid["data"]["object"]["metadata"] == {"maria_payment": "p1"}
    pem = (await api.post("/conekta/webhook_keys", json={"active": True})).json()["public_key"]
    key = serialization.load_pem_public_key(pem.encode())
    for request in caught.requests:
        signature = base64.b64decode(request.headers["DIGEST"])
        key.verify(signature, request.content, padding.PKCS1v15(), hashes.SHA256())


async def test_a_spei_of_another_amount_comes_back(api: httpx.AsyncClient) -> None:
    made = (await api.post("/conekta/orders", json=order("spei"))).json()
    clabe = made["charges"]["data"][0]["payment_method"]["clabe"]
    wrong = await api.post("/control/conekta/pay", json={"clabe": clabe, "amount_centavos": 48_500})
    assert wrong.json() == {"result": "returned", "reason": "amount", "order": made["id"]}
    right = await api.post("/control/conekta/pay", json={"clabe": clabe, "amount_centavos": 48_600})
    assert right.json()["tracking_code"]
    again = await api.post("/control/conekta/pay", json={"clabe": clabe, "amount_centavos": 48_600})
    assert again.json()["reason"] == "paid"
    method = (await api.get(f"/conekta/orders/{made['id']}")).json()["charges"]["data"][0]["payment_method"]
    assert method["tracking_code"] == right.json()["tracking_code"]


async def test_a_reference_expires_by_the_sandbox_clock(api: httpx.AsyncClient, conekta: Conekta, caught) -> None:
    made = (await api.post("/conekta/orders", json=order())).json()
    conekta.world.clock.advance_seconds(31 * 86_400)
    assert (await api.get(f"/conekta/orders/{made['id']}")).json()["payment_status"] == "expired"
    assert "order.expired" in [e["type"] for e in await until(caught, 3)]
    reference = made["charges"]["data"][0]["payment_method"]["reference"]
    assert (await api.post("/control/conekta/pay", json={"reference": reference})).json()["reason"] == "expired"
    late = await api.post("/control/conekta/pay", json={"reference": reference, "force": True})
    assert late.json()["result"] == "paid"


async def test_a_refused_webhook_comes_again(api: httpx.AsyncClient, caught: Caught) -> None:
    caught.refuse = 1
    await api.post("/conekta/orders", json=order())
    assert len(await until(caught, 2)) == 2


async def test_webhooks_can_be_doubled(api: httpx.AsyncClient, conekta: Conekta, caught: Caught) -> None:
    conekta.world.faults.active = [Fault(system="conekta_webhook", kind="duplicate")]
    await api.post("/conekta/orders", json=order())
    ids = [e["id"] for e in await until(caught, 4)]
    assert len(ids) == 4
    assert len(set(ids)) == 2


@pytest.mark.parametrize("url", ["http://localhost/x", "http://127.0.0.1:1/x", "nowhere"])
async def test_local_webhook_addresses_are_refused(api: httpx.AsyncClient, url: str) -> None:
    assert (await api.post("/conekta/webhooks", json={"url": url})).status_code == 422


async def test_webhooks_can_be_added_listed_and_pinged(api: httpx.AsyncClient, caught: Caught) -> None:
    made = (await api.post("/conekta/webhooks", json={"url": "https://maria.example/w"})).json()
    listed = (await api.get("/conekta/webhooks")).json()["data"]
    assert [w["url"] for w in listed][-1] == "https://maria.example/w"
    await api.post(f"/conekta/webhooks/{made['id']}/test")
    assert (await until(caught, 1))[0]["type"] == "webhook_ping"


async def test_the_pages_name_no_foreign_host(api: httpx.AsyncClient) -> None:
    page = (await api.get("/conekta/banco")).text
    assert "Banco y caja" in page
    assert "//" not in page.replace("<!doctype html>", "")


async def test_reset_forgets_all(api: httpx.AsyncClient, conekta: Conekta) -> None:
    await api.post("/conekta/orders", json=order())
    conekta.world.reset()
    assert (await api.get("/control/conekta/charges")).json() == []
