"""Orders, references, listing and refusals."""

from __future__ import annotations

import httpx
import pytest
import zxingcpp
from PIL import Image

from sandbox.conekta import digits
from sandbox.conekta.router import Conekta
from tests.sandbox.conekta.conftest import order


async def test_a_cash_order_carries_a_reference_with_a_check_digit_and_stores(api: httpx.AsyncClient) -> None:
    body = (await api.post("/conekta/orders", json=order())).json()
    method = body["charges"]["data"][0]["payment_method"]
    assert body["payment_status"] == "pending_payment"
    assert body["amount"] == 48_600
    assert method["object"] == "cash_payment"
    assert method["product_type"] == "cash_in"
    assert method["store_names"]
    assert len(method["reference"]) == 20
    assert digits.luhn(method["reference"][:-1]) == method["reference"]


async def test_the_oxxo_network_answers_as_in_2023(api: httpx.AsyncClient) -> None:
    await api.post("/control/conekta/network", json={"network": "oxxo"})
    method = (await api.post("/conekta/orders", json=order())).json()["charges"]["data"][0]["payment_method"]
    assert (method["type"], method["store_name"], len(method["reference"])) == ("oxxo", "OXXO", 14)


async def test_a_spei_order_carries_a_valid_clabe(api: httpx.AsyncClient) -> None:
    method = (await api.post("/conekta/orders", json=order("spei"))).json()["charges"]["data"][0]["payment_method"]
    assert digits.clabe(method["clabe"][:17]) == method["clabe"] == method["receiving_account_number"]
    assert method["bank"] == method["receiving_account_bank"] == "STP"


def test_check_digits_of_known_numbers() -> None:
    assert digits.clabe("64618011180503423") == "646180111805034237"
    assert digits.luhn("9300026228090") == "93000262280900"


async def test_the_barcode_reads_back(api: httpx.AsyncClient, tmp_path) -> None:
    method = (await api.post("/conekta/orders", json=order())).json()["charges"]["data"][0]["payment_method"]
    picture = await api.get(httpx.URL(method["barcode_url"]).path)
    (tmp_path / "b.png").write_bytes(picture.content)
    assert zxingcpp.read_barcode(Image.open(tmp_path / "b.png").convert("L")).text == method["reference"]


async def test_a_hosted_checkout_has_no_charge_until_it_is_paid(api: httpx.AsyncClient) -> None:
    checkout = {
        "type": "HostedPayment",
        "allowed_payment_methods": ["card"],
        "success_url": "http://x.mx/ok",
        "failure_url": "http://x.mx/no",
    }
    made = (await api.post("/conekta/orders", json=order(checkout=checkout, charges=[]))).json()
    assert made["payment_status"] is None
    assert made["charges"] is None
    page = httpx.URL(made["checkout"]["url"]).path
    assert (await api.get(page)).status_code == 200
    await api.post(f"/control/conekta/checkout/{made['checkout']['slug']}/pay")
    assert (await api.get(f"/conekta/orders/{made['id']}")).json()["payment_status"] == "paid"


async def test_search_finds_by_metadata_and_reference_id(api: httpx.AsyncClient) -> None:
    made = [
        (await api.post("/conekta/orders", json=order(metadata={"maria_payment": f"pay-{i}"}))).json() for i in range(3)
    ]
    found = (await api.get("/conekta/orders", params={"search": "pay-1"})).json()
    assert [o["id"] for o in found["data"]] == [made[1]["id"]]
    first = (await api.get("/conekta/orders", params={"limit": 2})).json()
    assert first["has_more"] is True
    rest = (await api.get("/conekta/orders", params={"limit": 2, "next": first["data"][-1]["id"]})).json()
    assert [o["id"] for o in rest["data"]] == [made[0]["id"]]
    assert (await api.get("/conekta/orders", params={"colour": "blue"})).status_code == 422


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"colour": "blue"}, 422, "conekta.errors.parameter_validation.whitelist"),
        ({"metadata": {"a": {"b": 1}}}, 422, "conekta.errors.parameter_validation.metadata.a"),
        ({"line_items": []}, 422, "conekta.errors.parameter_validation.line_items"),
        ({"customer_info": {"customer_id": "cus_x"}}, 422, None),
        ({"charges": [{"payment_method": {"type": "cash", "expires_at": 1}}]}, 422, None),
        ({"charges": [{"amount": 1, "payment_method": {"type": "cash"}}]}, 422, None),
        ({"charges": [{"payment_method": {"type": "gold"}}]}, 422, None),
    ],
)
async def test_what_conekta_would_refuse_is_refused(api: httpx.AsyncClient, change, status, code) -> None:
    answer = await api.post("/conekta/orders", json=order(**change))
    assert answer.status_code == status
    assert answer.json()["object"] == "error"
    assert code is None or answer.json()["details"][0]["code"] == code


async def test_key_and_version_are_asked_for(api: httpx.AsyncClient) -> None:
    answer = await api.get("/conekta/orders", headers={"Authorization": "Bearer other"})
    assert (answer.status_code, answer.json()["type"]) == (401, "authentication_error")
    answer = await api.get("/conekta/orders", headers={"Accept": "application/vnd.conekta-v2.0.0+json"})
    assert (answer.status_code, answer.json()["type"]) == (409, "conflict_error")
    assert (await api.get("/conekta/orders", auth=("key_sandbox", ""))).status_code == 200
    assert (await api.get("/conekta/orders/ord_none")).status_code == 404
    assert (await api.post("/conekta/orders", content=b"{")).status_code == 400


async def test_cancelling_works_until_it_is_paid(api: httpx.AsyncClient) -> None:
    made = (await api.post("/conekta/orders", json=order())).json()
    assert (await api.post(f"/conekta/orders/{made['id']}/cancel")).json()["payment_status"] == "canceled"
    made = (await api.post("/conekta/orders", json=order())).json()
    reference = made["charges"]["data"][0]["payment_method"]["reference"]
    await api.post("/control/conekta/pay", json={"reference": reference})
    assert (await api.post(f"/conekta/orders/{made['id']}/cancel")).status_code == 428


async def test_a_lost_answer_leaves_the_order_behind(api: httpx.AsyncClient, conekta: Conekta) -> None:
    from sandbox.faults import Fault

    conekta.world.faults.active = [Fault(system="conekta", kind="drop", operation="orders.create", remaining=1)]
    assert (await api.post("/conekta/orders", json=order())).status_code == 500
    assert len((await api.get("/conekta/orders", params={"search": "p1"})).json()["data"]) == 1


async def test_a_customer_can_pay(api: httpx.AsyncClient) -> None:
    who = {"name": "Rosa", "email": "rosa@example.mx", "phone": "+524425550163"}
    made = (await api.post("/conekta/customers", json=who)).json()
    answer = await api.post("/conekta/orders", json=order(customer_info={"customer_id": made["id"]}))
    assert answer.status_code == 200
