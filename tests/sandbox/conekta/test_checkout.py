"""The hosted page: cards, declines with Conekta's codes, the bank's question, and where it leads back to."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from sandbox.conekta.cards import KNOWN
from sandbox.conekta.digits import luhn
from sandbox.conekta.router import Conekta
from tests.sandbox.conekta.conftest import Caught, order
from tests.sandbox.conekta.test_bank import until

BACK = "https://pagos.example.mx/pagar/x/resultado"
CHECKOUT = {
    "type": "HostedPayment",
    "allowed_payment_methods": ["card"],
    "success_url": BACK,
    "failure_url": f"{BACK}?fallo",
    "max_failed_retries": 2,
}
CARD = {"number": "4242 4242 4242 4242", "name": "Rosa Martinez", "month": "12", "year": "40", "cvc": "123"}


async def made(api: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    body = order(checkout={**CHECKOUT, **more})
    del body["charges"]
    answer = await api.post("/conekta/orders", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def pay(api: httpx.AsyncClient, of: dict[str, Any], **typed: str) -> httpx.Response:
    return await api.post(httpx.URL(of["checkout"]["url"]).path, data={**CARD, **typed})


async def now(api: httpx.AsyncClient, of: dict[str, Any]) -> dict[str, Any]:
    return (await api.get(f"/conekta/orders/{of['id']}")).json()


def test_every_known_card_has_a_true_number() -> None:
    assert all(luhn(number[:-1]) == number for number in KNOWN)


async def test_a_good_card_pays_and_leads_back(api: httpx.AsyncClient, caught: Caught) -> None:
    of = await made(api)
    assert (of["payment_status"], of["charges"], of["checkout"]["status"]) == (None, None, "Issued")
    answer = await pay(api, of)
    assert (answer.status_code, answer.headers["location"]) == (303, BACK)
    paid = await now(api, of)
    (charge,) = paid["charges"]["data"]
    method = charge["payment_method"]
    assert (paid["payment_status"], charge["status"], method["last4"]) == ("paid", "paid", "4242")
    assert paid["checkout"]["status"] == "Finalized"
    assert "4242424242424242" not in json.dumps(paid)
    assert {e["type"] for e in await until(caught, 3)} == {"order.created", "charge.paid", "order.paid"}
    assert "ya está hecho" in (await api.get(httpx.URL(of["checkout"]["url"]).path)).text


@pytest.mark.parametrize(
    ("number", "code", "failure_code"),
    [
        ("4000000000000127", "processing.bank.insufficient_funds", "insufficient_funds"),
        ("4000000000000002", "processing.bank.declined", "card_declined"),
        ("4000000000000069", "processing.charge.card_payment.suspicious_behaviour", "suspected_fraud"),
        ("4111111111111111", "processing.bank.declined", "card_declined"),
    ],
)
async def test_a_decline_is_a_charge_with_its_code_and_may_be_tried_again(
    api: httpx.AsyncClient, number: str, code: str, failure_code: str
) -> None:
    of = await made(api)
    answer = await pay(api, of, number=number)
    assert (answer.status_code, code in answer.text) == (402, True)
    declined = await now(api, of)
    (charge,) = declined["charges"]["data"]
    assert (declined["payment_status"], charge["status"], charge["failure_code"]) == (
        "declined",
        "declined",
        failure_code,
    )
    assert (await pay(api, of)).headers["location"] == BACK
    assert (await now(api, of))["payment_status"] == "paid"


async def test_after_enough_declines_it_leads_back_and_takes_no_card(api: httpx.AsyncClient) -> None:
    of = await made(api)
    await pay(api, of, number="4000000000000002")
    answer = await pay(api, of, number="4000000000000002")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{BACK}?fallo")
    assert (await pay(api, of)).status_code == 200
    assert (await now(api, of))["payment_status"] == "declined"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"number": "4242424242424241"}, "parameter_validation.card.number"),
        ({"number": "tarjeta"}, "parameter_validation.card.number"),
        ({"cvc": "12"}, "parameter_validation.card.cvc"),
        ({"year": "20"}, "parameter_validation.expiration_date.expired"),
        ({"month": "0"}, "parameter_validation.expiration_date.expired"),
        ({"name": "Rosa"}, "parameter_validation.card.name"),
    ],
)
async def test_a_mistyped_card_is_no_charge(api: httpx.AsyncClient, wrong: dict[str, str], code: str) -> None:
    of = await made(api)
    answer = await pay(api, of, **wrong)
    assert (answer.status_code, code in answer.text) == (422, True)
    assert (await now(api, of))["charges"] is None


@pytest.mark.parametrize(("answer", "status"), [("yes", "paid"), ("no", "declined")])
async def test_the_bank_asks_and_the_order_waits(api: httpx.AsyncClient, answer: str, status: str) -> None:
    of = await made(api)
    bank = (await pay(api, of, number="4000000000001091")).headers["location"]
    waiting = await now(api, of)
    assert (waiting["payment_status"], waiting["charges"]) == ("pending_payment", None)
    assert waiting["next_action"]["redirect_to_url"]["url"].endswith(bank)
    assert "$486.00" in (await api.get(bank)).text
    await api.post(bank, data={"answer": answer})
    assert (await now(api, of))["payment_status"] == status
    assert (await api.get(bank)).status_code == 404


async def test_a_question_nobody_answers_is_a_decline(api: httpx.AsyncClient, conekta: Conekta) -> None:
    of = await made(api)
    await pay(api, of, number="4000000000001091")
    conekta.world.clock.advance_seconds(601)
    (charge,) = (await now(api, of))["charges"]["data"]
    assert charge["failure_code"] == "declined_by_3ds"


async def test_a_page_nobody_uses_expires(api: httpx.AsyncClient, conekta: Conekta, caught: Caught) -> None:
    of = await made(api, expires_at=conekta.book.now() + 3600)
    conekta.world.clock.advance_seconds(3601)
    assert (await now(api, of))["payment_status"] == "expired"
    assert "order.expired" in {e["type"] for e in await until(caught, 2)}
    assert "ya venció" in (await pay(api, of)).text


@pytest.mark.parametrize(
    "change",
    [
        {"type": "PaymentLink"},
        {"allowed_payment_methods": ["spei"]},
        {"excluded_payment_methods": ["cash"]},
        {"success_url": "nowhere"},
        {"failure_url": None},
        {"expires_at": 1},
        {"max_failed_retries": "3"},
        {"monthly_installments_enabled": "no"},
        {"colour": "blue"},
    ],
)
async def test_a_checkout_that_conekta_would_refuse_is_refused(api: httpx.AsyncClient, change: dict) -> None:
    answer = await api.post("/conekta/orders", json=order(checkout={**CHECKOUT, **change}, charges=[]))
    assert (answer.status_code, answer.json()["type"]) == (422, "parameter_validation_error")


async def test_3ds_is_asked_for_by_name_and_without_a_second_way_back(api: httpx.AsyncClient) -> None:
    for wrong in ({"three_ds_mode": None}, {"three_ds_mode": "always"}, {"return_url": BACK}):
        answer = await api.post("/conekta/orders", json=order(checkout=CHECKOUT, charges=[], **wrong))
        assert answer.status_code == 422
    right = await api.post("/conekta/orders", json=order(checkout=CHECKOUT, charges=[], three_ds_mode="smart"))
    assert right.status_code == 200


async def test_the_pages_name_no_foreign_host(api: httpx.AsyncClient) -> None:
    of = await made(api)
    page = await api.get(httpx.URL(of["checkout"]["url"]).path)
    assert "//" not in page.text.replace("<!doctype html>", "").replace(BACK, "")
