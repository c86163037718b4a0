"""The page on which the fiscal data of a payment's invoice are given."""

from __future__ import annotations

from datetime import timedelta

import httpx
import lxml.html
import pytest

from runtime.payments import build_requests
from services.bootstrap import DATA
from services.cfdi import requests
from services.cfdi.fiscal import FiscalData
from services.cfdi.requests import InvoiceRequest, InvoiceRequests
from services.cfdi.tables import FiscalDataRow, InvoiceRequestRow
from services.knowledge.texts import Texts
from services.links.pages import AutopayLinks, InvoiceLinks
from services.payments.model import Method
from services.storage.base import new_id
from tests.portal_lite.stand import AMOUNT, BILLS, Stand, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROSA = {"rfc": "malr850612q74", "name": "Rosa Martinez Luna", "postcode": "76110", "regime": "612", "use": "G03"}
KEPT = FiscalData("MALR850612Q74", "ROSA MARTINEZ LUNA", "76110", "612", "G03")


class Taxpayer:
    """Who has paid and wants an invoice."""

    def __init__(self, stand: Stand) -> None:
        self.stand, self.contact = stand, new_id()
        self.asked: InvoiceRequests = build_requests(stand.parts)
        self.links = InvoiceLinks.build(stand.settings, stand.clock)

    async def request(self) -> InvoiceRequest:
        """As the chat does it after a payment."""
        payments = self.stand.payments
        made = await payments.create_reference(self.contact, "0048213", Method.CASH, AMOUNT, BILLS, new_id())
        row = await payments.reference(made.payment_id)
        async with httpx.AsyncClient() as till:
            url = f"{self.stand.settings.conekta_checkout_origins}/control/conekta/pay"
            assert (await till.post(url, json={"reference": row.reference})).json()["result"] == "paid"
        await payments.sweep()
        (order,) = [o for o in await payments.history_of_contact(self.contact) if o.id == made.payment_id]
        return await self.asked.ask(order)

    async def url(self) -> str:
        return self.links.page((await self.request()).id)

    async def state(self, url: str) -> str:
        link = self.links.live(url.rpartition("/")[2])
        assert link
        found = await self.asked.get(link.subject)
        assert found
        return found.state


async def give(visitor: Visitor, page: httpx.Response, path: str = "", **typed: str) -> httpx.Response:
    """One of the page's forms."""
    html = lxml.html.fromstring(page.text)
    (form,) = [f for f in html.xpath("//form") if f.get("action").endswith(path or page.url.path.rpartition("/")[2])]
    hidden = {i.get("name"): i.get("value") for i in form.xpath(".//input[@type='hidden']")}
    return await visitor.http.post(str(page.url.join(form.get("action"))), data={**hidden, **typed})


async def test_data_with_consent_are_handed_in_once_and_kept(stand: Stand, visitor: Visitor) -> None:
    somebody = Taxpayer(stand)
    url = await somebody.url()
    opened = await visitor.get(url)
    for words in ("Datos para la factura", "$486.00", "octubre y noviembre", "612 Personas Físicas"):
        assert words in opened.text
    told = await give(visitor, opened, **ROSA, consent="yes")
    assert "Estamos haciendo la factura" in told.text
    assert await somebody.state(url) == requests.DUE
    assert await somebody.asked.drawer.get(somebody.contact, "0048213") == KEPT
    async with stand.parts.database.read() as session:
        kept = await session.get_one(FiscalDataRow, (somebody.contact, "0048213"))
    assert kept.consent_text == Texts(DATA / "portal_texts.yml").get("invoice_consent")
    again = await give(visitor, opened, **{**ROSA, "rfc": "TAA170914AB0", "regime": "601"}, consent="yes")
    assert "Estamos haciendo la factura" in again.text
    assert await somebody.asked.drawer.get(somebody.contact, "0048213") == KEPT


async def test_all_that_is_wrong_is_shown_beside_its_field_and_nothing_is_kept(stand: Stand, visitor: Visitor) -> None:
    somebody = Taxpayer(stand)
    url = await somebody.url()
    opened = await visitor.get(url)
    wrong = {"rfc": "MALR850612Q75", "name": "<b>x", "postcode": "7611", "regime": "616", "use": "G03"}
    told = await give(visitor, opened, **wrong)
    assert told.status_code == 422
    html = lxml.html.fromstring(told.text)
    invalid = [e.get("name") for e in html.xpath("//*[@aria-invalid='true']")]
    assert invalid == ["rfc", "name", "postcode", "use", "consent"]
    for name in invalid:
        note = html.get_element_by_id(html.get_element_by_id(name).get("aria-describedby").split()[-1])
        assert note.text_content()
    assert html.get_element_by_id("name").get("value") == "<b>x"
    assert await somebody.state(url) == requests.ASKED
    assert await somebody.asked.drawer.get(somebody.contact, "0048213") is None
    without = await give(visitor, told, **ROSA)
    assert "Sin este permiso" in without.text


async def test_kept_data_are_offered_by_their_ending_and_can_be_used_or_deleted(stand: Stand, visitor: Visitor) -> None:
    somebody = Taxpayer(stand)
    await somebody.asked.drawer.keep(somebody.contact, "0048213", KEPT, "Acepto.")
    url = await somebody.url()
    opened = await visitor.get(url)
    assert "RFC que termina en Q74" in opened.text
    assert "MALR" not in opened.text
    assert "ROSA" not in opened.text
    assert "Estamos haciendo" in (await give(visitor, opened, "guardados")).text
    other = await visitor.get(await somebody.url())
    gone = await give(visitor, other, "borrar")
    assert "Datos borrados" in gone.text
    assert "que termina en Q74" not in gone.text
    assert await somebody.asked.drawer.get(somebody.contact, "0048213") is None


async def test_what_the_sat_refused_can_be_corrected(stand: Stand, visitor: Visitor) -> None:
    somebody = Taxpayer(stand)
    request = await somebody.request()
    await somebody.asked.submit(request.id, KEPT, "Acepto.")
    async with stand.parts.database.begin() as session:
        row = await session.get_one(InvoiceRequestRow, request.id)
        row.state, row.reason = requests.REFUSED, "CFDI40145"
    opened = await visitor.get(somebody.links.page(request.id))
    assert "El nombre no es igual" in opened.text
    assert 'value="ROSA MARTINEZ LUNA"' in opened.text
    assert "Estamos haciendo" in (await give(visitor, opened, **ROSA, consent="yes")).text


@pytest.mark.parametrize(
    ("state", "words"), [("done", "ya está hecha"), ("again", "ya está hecha"), ("otherwise", "otro RFC")]
)
async def test_where_it_stands(stand: Stand, visitor: Visitor, state: str, words: str) -> None:
    somebody = Taxpayer(stand)
    request = await somebody.request()
    async with stand.parts.database.begin() as session:
        (await session.get_one(InvoiceRequestRow, request.id)).state = state
    assert words in (await visitor.get(somebody.links.page(request.id))).text


async def test_links_that_open_nothing(stand: Stand, visitor: Visitor) -> None:
    somebody = Taxpayer(stand)
    request = await somebody.request()
    url = somebody.links.page(request.id)
    other_purpose = AutopayLinks.build(stand.settings, stand.clock).page(request.id).replace("automatico", "factura")
    for wrong in (url + "x", other_purpose, somebody.links.page(new_id())):
        assert (await visitor.get(wrong)).status_code == 410
    opened = await visitor.get(url)
    stranger = Visitor()
    assert (await give(stranger, opened, **ROSA, consent="yes")).status_code == 403
    await stranger.http.aclose()
    stand.world.clock.offset = stand.clock.offset = timedelta(minutes=61)
    assert (await visitor.get(url)).status_code == 410
    assert (await give(visitor, opened, **ROSA, consent="yes")).status_code == 410


async def test_rfcs_cannot_be_tried_out_without_end(stand: Stand, visitor: Visitor) -> None:
    opened = await visitor.get(await Taxpayer(stand).url())
    answers = [(await give(visitor, opened, **{**ROSA, "rfc": "x"})).status_code for _ in range(17)]
    assert answers == [422] * 15 + [429] * 2


async def test_the_page_has_the_strict_policy(stand: Stand, visitor: Visitor) -> None:
    opened = await visitor.get(await Taxpayer(stand).url())
    policy = opened.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert opened.headers["cache-control"] == "no-store"
    assert opened.headers["referrer-policy"] == "no-referrer"
