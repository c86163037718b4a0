"""How a citizen of these conversations pays: at the bank's page, or by card through María's own pages."""

from __future__ import annotations

import re
import time
from typing import Any

import httpx
import lxml.html

from tests.conversations.reading import text
from tests.system.maria import Maria

CARD = {"number": "4242424242424242", "name": "Persona De Prueba", "month": "12", "year": "40", "cvc": "123"}


def pay(maria: Maria, seen: list[dict[str, Any]]) -> None:
    """Pay exactly what the last messages ask for, at a till or by SPEI."""
    words = "\n".join(text(body) for body in seen)
    found = re.search(r"(?:^|: \*)((?:\d{2,4} ?){4,5}\d{0,4})\*?$", words, re.MULTILINE)
    assert found, f"no reference in «{words}»"
    answer = maria.sandbox.post("/control/conekta/pay", json={"reference": found[1]})
    assert answer.json()["result"] == "paid", answer.text


def pay_card(seen: list[dict[str, Any]], how: dict[str, Any]) -> None:
    """Open the link that María sent and go through to the result."""
    url = seen[-1]["interactive"]["action"]["parameters"]["url"]
    with httpx.Client(follow_redirects=True, timeout=20) as phone:
        page = _send(phone, phone.get(url))
        page = _send(phone, page, {**CARD, "number": str(how["number"])})
        if "/3ds/" in str(page.url):
            page = _send(phone, page, {"answer": "yes" if how.get("bank", True) else "no"})
        _wait(phone, f"{url}/resultado", str(how["page"]))


def save_card(maria: Maria, seen: list[dict[str, Any]], number: str) -> None:
    """Open the page of saved cards, have Conekta's frame make a token of a card, and hand the token in."""
    url = seen[-1]["interactive"]["action"]["parameters"]["url"]
    card = {"number": number, "name": CARD["name"], "exp_month": "12", "exp_year": "40", "cvc": "123"}
    with httpx.Client(follow_redirects=True, timeout=20) as phone:
        page = phone.get(url)
        html = lxml.html.fromstring(page.text)
        (key,) = html.xpath("//@data-key")
        answer = maria.sandbox.post("/conekta/tokens", json={"card": card}, headers={"Authorization": f"Bearer {key}"})
        (form,) = html.xpath("//form[@id='card-form']")
        hidden = {i.get("name"): i.get("value") for i in form.xpath(".//input[@type='hidden']")}
        hidden["card_token"] = answer.json()["id"]
        assert "Tarjeta guardada" in phone.post(str(page.url.join(form.get("action"))), data=hidden).text


ROSA = {"rfc": "MALR850612Q74", "name": "Rosa Martinez Luna", "postcode": "76110", "regime": "612", "use": "G03"}


def give_fiscal_data(seen: list[dict[str, Any]], given: dict[str, Any] | str) -> None:
    """Open the page for the invoice and hand in data of a taxpayer the sandbox's SAT knows, or use what is kept."""
    url = seen[-1]["interactive"]["action"]["parameters"]["url"]
    path, typed = ("/guardados", {}) if given == "kept" else ("", {**ROSA, **dict(given), "consent": "yes"})
    with httpx.Client(follow_redirects=True, timeout=20) as phone:
        page = phone.get(url)
        hidden = lxml.html.fromstring(page.text).xpath("//form/input[@name='csrf']/@value")
        assert hidden, page.text
        told = phone.post(f"{url}{path}", data={"csrf": hidden[0], **typed}).text
        assert "Estamos haciendo la factura" in told or "ya está hecha" in told, told


def declines(maria: Maria) -> int:
    """How many orders Conekta has in which a card was refused."""
    orders = maria.sandbox.get("/control/conekta/orders").json()
    return sum(order["payment_status"] == "declined" for order in orders)


def _send(phone: httpx.Client, page: httpx.Response, typed: dict[str, str] | None = None) -> httpx.Response:
    """The page's form with what stands in it and what is typed."""
    (form,) = lxml.html.fromstring(page.text).xpath("//form")
    hidden = {i.get("name"): i.get("value") for i in form.xpath(".//input[@type='hidden']")}
    return phone.post(str(page.url.join(form.get("action") or str(page.url))), data={**hidden, **(typed or {})})


def _wait(phone: httpx.Client, url: str, words: str) -> None:
    end = time.monotonic() + 20
    while words not in (page := phone.get(url).text):
        assert time.monotonic() < end, f"«{words}» is not on the page: {page}"
        time.sleep(0.2)
