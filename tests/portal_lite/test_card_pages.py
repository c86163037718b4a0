"""Paying by card without JavaScript, from the link to the result; and what the pages refuse."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from runtime.edge import build_app
from sandbox.faults import Fault
from services.payments.model import State
from tests.portal_lite.stand import Stand, Visitor, action, fields, standing

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def until_says(visitor: Visitor, url: str, words: str) -> httpx.Response:
    """The result page, looked at until it says so."""
    for _ in range(100):
        page = await visitor.get(url)
        if words in page.text:
            return page
        await asyncio.sleep(0.05)
    raise AssertionError(f"«{words}» never came: {page.text}")


async def test_a_card_pays_and_the_page_says_so(stand: Stand, visitor: Visitor) -> None:
    made = await stand.ask()
    page = await visitor.get(stand.url(made))
    assert page.status_code == 200
    for words in ("$486.00", "termina en 8213", "octubre y noviembre", "Pagar $486.00 con tarjeta"):
        assert words in page.text
    conekta = await visitor.press(page)
    assert str(conekta.url).startswith(stand.settings.conekta_checkout_origins)
    back = await visitor.pay(conekta)
    assert str(back.url) == f"{stand.url(made)}/resultado"
    paid = await until_says(visitor, str(back.url), "Pago recibido")
    (payment,) = await stand.payments.history(made.contract)
    assert payment.state is State.PAID
    assert payment.confirmation in paid.text
    assert (await visitor.get(stand.url(made))).text.count("Pago recibido") == paid.text.count("Pago recibido")


async def test_whoever_opens_the_link_learns_nothing_about_its_owner(stand: Stand, visitor: Visitor) -> None:
    made = await stand.ask()
    page = await visitor.get(stand.url(made))
    conekta = await visitor.press(page)
    for secret in (made.contract, "contact-", "F1", "R1"):
        assert secret not in page.text.replace(page.url.path, "").replace(fields(page.text)["csrf"], "")
        assert secret not in conekta.text


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("4000000000000127", "no tiene saldo suficiente"),
        ("4000000000000002", "no dijo por qué"),
        ("4000000000000069", "por seguridad"),
        ("4000000000000101", "es de otro país"),
    ],
)
async def test_a_refused_card_is_explained_and_another_one_pays(
    stand: Stand, visitor: Visitor, number: str, reason: str
) -> None:
    made = await stand.ask()
    conekta = await visitor.press(await visitor.get(stand.url(made)))
    assert (await visitor.pay(conekta, number)).status_code == 402
    page = await visitor.get(f"{stand.url(made)}/resultado")
    assert "La tarjeta no pasó" in page.text
    assert reason in page.text
    for other in ("En tienda, con efectivo", "Con transferencia", "Volver a WhatsApp"):
        assert other in page.text
    again = await visitor.press(page)
    back = await visitor.pay(again, "4000 0000 0000 2701")
    await until_says(visitor, str(back.url), "Pago recibido")


@pytest.mark.parametrize(("answer", "says"), [("yes", "Pago recibido"), ("no", "dueña de la tarjeta")])
async def test_the_bank_may_ask(stand: Stand, visitor: Visitor, answer: str, says: str) -> None:
    made = await stand.ask()
    conekta = await visitor.press(await visitor.get(stand.url(made)))
    bank = await visitor.pay(conekta, "4000000000001091")
    assert "/conekta/3ds/" in str(bank.url)
    assert "Revisando el pago" in (await visitor.get(f"{stand.url(made)}/resultado")).text
    await visitor.answer(bank, answer)
    await until_says(visitor, f"{stand.url(made)}/resultado", says)


async def test_three_refusals_lead_back_and_the_page_takes_no_more(stand: Stand, visitor: Visitor) -> None:
    made = await stand.ask()
    page = await visitor.press(await visitor.get(stand.url(made)))
    for _ in range(3):
        page = await visitor.pay(page, "4000000000000002")
    assert str(page.url) == f"{stand.url(made)}/resultado"
    assert (page.status_code, "Ya no se puede con tarjeta" in page.text) == (409, True)
    assert "Ya no se puede con tarjeta" in (await visitor.press(await visitor.get(stand.url(made)))).text


async def test_a_mistyped_card_never_becomes_a_charge(stand: Stand, visitor: Visitor) -> None:
    made = await stand.ask()
    conekta = await visitor.press(await visitor.get(stand.url(made)))
    for wrong in ({"number": "4242424242424241"}, {"year": "20"}, {"cvc": "x"}, {"name": "Rosa"}, {"month": "13"}):
        assert (await visitor.pay(conekta, **{"number": "4242424242424242", **wrong})).status_code == 422
    assert "Todavía no vemos el pago" in (await visitor.get(f"{stand.url(made)}/resultado")).text


async def test_the_result_does_not_wait_for_a_webhook_that_is_late(stand: Stand, visitor: Visitor) -> None:
    made = await stand.ask()
    stand.world.faults.active = [Fault(system="conekta_webhook", kind="drop")]
    back = await visitor.pay(await visitor.press(await visitor.get(stand.url(made))))
    await until_says(visitor, str(back.url), "Pago recibido")


async def test_a_link_that_is_over_or_invalid_says_how_to_get_another(stand: Stand, visitor: Visitor) -> None:
    made = await stand.ask()
    url = stand.url(made)
    for bad in (url[:-1] + ("A" if url[-1] != "A" else "B"), url.replace("/pagar/", "/pagar/0"), url + "%00"):
        for page in (await visitor.get(bad), await visitor.http.post(bad)):
            assert page.status_code == 404
            assert "Pedir otra página" in page.text
    good = await visitor.get(url)
    stand.clock.offset = timedelta(hours=25)
    stand.world.clock.advance_seconds(25 * 3600)
    page = await visitor.get(url)
    assert (page.status_code, "ya venció" in page.text) == (410, True)
    late = await visitor.http.post(action(good), data=fields(good.text))
    assert (late.status_code, "ya venció" in late.text) == (410, True)


async def test_a_form_from_elsewhere_is_refused(stand: Stand, visitor: Visitor) -> None:
    made, other = await stand.ask(), await stand.ask()
    page = await visitor.get(stand.url(made))
    url, csrf = stand.url(made), fields(page.text)
    stranger = Visitor()
    tries = [
        stranger.http.post(url, data=csrf),  # without our cookie
        visitor.http.post(url, data={}),
        visitor.http.post(url, data={"csrf": "é" * 20}),
        visitor.http.post(url, data={"csrf": "x" * 300}),
        visitor.http.post(url, data=csrf, headers={"Sec-Fetch-Site": "cross-site"}),
        visitor.http.post(stand.url(other), data=csrf),  # another payment's
    ]
    for answer in [await one for one in tries]:
        assert answer.status_code in (403, 422)
        assert "Conekta" not in str(answer.url)
    await stranger.http.aclose()
    assert (await visitor.press(page)).status_code == 200


async def test_cards_are_not_tried_by_the_hundred(stand: Stand, visitor: Visitor) -> None:
    page = await visitor.get(stand.url(await stand.ask("tester")))
    answers = [(await visitor.press(page)).status_code for _ in range(8)]
    assert answers == [200] * 6 + [429] * 2
    codes = []
    for _ in range(3):
        form = await visitor.get(stand.url(await stand.ask("tester")))
        codes += [(await visitor.press(form)).status_code for _ in range(3)]
    assert codes == [200] * 4 + [429] * 5, "the contact's own limit is twelve a day"
    other = await visitor.get(stand.url(await stand.ask()))
    assert (await visitor.press(other)).status_code == 200


async def test_what_cannot_be_counted_is_not_opened(
    tmp_path: Path, redis_url: str, monkeypatch, visitor: Visitor
) -> None:
    async with standing(tmp_path, "redis://127.0.0.1:1/0", monkeypatch) as stand:
        made = await stand.ask()
        page = await visitor.get(stand.url(made))
        assert page.status_code == 200
        answer = await visitor.press(page)
        assert (answer.status_code, "no responde ahora" in answer.text) == (503, True)
        assert not str(answer.url).startswith(stand.settings.conekta_checkout_origins)


async def test_conekta_down_is_said_with_other_ways(stand: Stand, visitor: Visitor) -> None:
    made = await stand.ask()
    page = await visitor.get(stand.url(made))
    stand.world.faults.active = [Fault(system="conekta", kind="error", status=503)]
    answer = await visitor.press(page)
    assert (answer.status_code, "En tienda, con efectivo" in answer.text) == (503, True)
    assert (await visitor.get(f"{stand.url(made)}/resultado")).status_code == 200


async def test_a_checkout_at_a_strange_address_is_not_opened(
    tmp_path: Path, redis_url: str, monkeypatch, visitor: Visitor
) -> None:
    origin = {"conekta_checkout_origins": "https://pay.conekta.com"}
    async with standing(tmp_path, redis_url, monkeypatch, **origin) as stand:
        made = await stand.ask()
        answer = await visitor.press(await visitor.get(stand.url(made)))
        assert answer.status_code == 503
        assert str(answer.url) == stand.url(made)


async def test_every_page_carries_its_headers(stand: Stand, visitor: Visitor) -> None:
    made = await stand.ask()
    url = stand.url(made)
    for page in (await visitor.get(url), await visitor.get(url + "/resultado"), await visitor.get(url + "/estado")):
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert "strict-transport-security" not in page.headers  # plain http on this machine
        assert "<style" not in page.text
        assert not re.search(r"\son\w+=|style=|javascript:", page.text)


async def test_over_https_the_cookie_and_the_transport_are_locked(
    tmp_path: Path, redis_url: str, monkeypatch, visitor: Visitor
) -> None:
    async with standing(tmp_path, redis_url, monkeypatch, edge_url="https://pagos.example.mx") as stand:
        made = await stand.ask()
        transport = httpx.ASGITransport(app=build_app(parts=stand.parts))
        async with httpx.AsyncClient(transport=transport, base_url="https://pagos.example.mx") as http:
            page = await http.get(stand.url(made))
    assert page.headers["strict-transport-security"].startswith("max-age=31536000")
    cookie = page.headers["set-cookie"]
    for part in ("__Host-maria=", "HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert part in cookie


async def test_larger_letters_stay(stand: Stand, visitor: Visitor) -> None:
    url = stand.url(await stand.ask())
    assert 'class="large"' not in (await visitor.get(url)).text
    page = await visitor.get(url + "?letra=grande")
    assert 'class="large"' in page.text
    assert str(page.url) == url
    assert 'class="large"' in (await visitor.get(url)).text
    assert 'class="large"' not in (await visitor.get(url + "?letra=normal")).text


async def test_the_first_visit_is_light(stand: Stand, visitor: Visitor) -> None:
    page = await visitor.get(stand.url(await stand.ask()))
    files = re.findall(r'(?:href|src)="(/portal/static/[^"]+)"', page.text)
    assert len(files) == 3
    total = len(page.content)
    for file in files:
        answer = await visitor.get(str(page.url.join(file)))
        assert "immutable" in answer.headers["cache-control"]
        total += len(answer.content)
    assert total < 50_000
    assert (await visitor.get(str(page.url.join("/portal/static/0/portal.css")))).status_code == 404


async def test_without_script_the_page_looks_again_by_itself_and_not_for_ever(stand: Stand, visitor: Visitor) -> None:
    url = f"{stand.url(await stand.ask())}/resultado"
    page = await visitor.get(url)
    assert f'url={httpx.URL(url).path}?n=1"' in page.text
    assert "http-equiv" not in (await visitor.get(url + "?n=20")).text
    assert (await visitor.get(url + "?n=x")).status_code == 422


async def test_the_poll_tells_the_stage_and_asks_conekta_seldom(stand: Stand, visitor: Visitor) -> None:
    url = f"{stand.url(await stand.ask())}/estado"
    told = [(await visitor.get(url)).json()["stage"] for _ in range(3)]
    assert told == ["ready", None, None]
    assert (await visitor.get(url.replace("/pagar/", "/pagar/0"))).status_code == 404
