"""What a chat has paid and can still pay, in the portal."""

from __future__ import annotations

from datetime import timedelta

import lxml.html
import pytest

from services.links.pages import AutopayLinks, PaymentLinks
from services.payments.model import Method
from services.storage.base import new_id
from tests.portal_lite.stand import AMOUNT, BILLS, Stand, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="module")


def page(stand: Stand, contact: str) -> str:
    return PaymentLinks.build(stand.settings, stand.clock).page(contact)


async def ask(stand: Stand, contact: str, contract: str, method: Method) -> str:
    made = await stand.payments.create_reference(contact, contract, method, AMOUNT, BILLS, new_id())
    return made.payment_id


async def pay(stand: Stand, payment_id: str) -> None:
    row = await stand.payments.reference(payment_id)
    stand.world.clock.now()
    async with Visitor().http as till:
        answer = await till.post(
            f"{stand.settings.conekta_checkout_origins}/control/conekta/pay", json={"reference": row.reference}
        )
        assert answer.json()["result"] == "paid"
    await stand.payments.sweep()


async def test_pending_with_time_left_and_paid_with_folio(stand: Stand, visitor: Visitor) -> None:
    contact = new_id()
    await pay(stand, await ask(stand, contact, "0048213", Method.CASH))
    live = await ask(stand, contact, "455123", Method.SPEI)
    opened = await visitor.get(page(stand, contact))
    assert opened.status_code == 200
    for words in ("$486.00", "Pagado", "en tienda", "por transferencia", "quedan 3 días", "termina en 5123"):
        assert words in opened.text
    (order,) = [o for o in await stand.payments.history_of_contact(contact) if o.id != live]
    assert order.confirmation in opened.text
    assert "0048213" not in opened.text


async def test_another_chat_sees_nothing_of_it(stand: Stand, visitor: Visitor) -> None:
    await ask(stand, new_id(), "0048213", Method.CASH)
    opened = await visitor.get(page(stand, new_id()))
    assert "No hay referencias por pagar" in opened.text
    assert "$486.00" not in opened.text


async def test_a_span_leaves_out_what_is_older(stand: Stand, visitor: Visitor) -> None:
    contact = new_id()
    await pay(stand, await ask(stand, contact, "0048213", Method.CASH))
    stand.world.clock.offset = stand.clock.offset = timedelta(days=200)
    url = page(stand, contact)
    assert "$486.00" not in (await visitor.get(f"{url}?meses=3")).text
    assert "$486.00" in (await visitor.get(f"{url}?meses=12")).text


async def test_one_contract_alone_in_the_list_and_in_the_file(stand: Stand, visitor: Visitor) -> None:
    contact = new_id()
    for contract in ("0048213", "455123"):
        await pay(stand, await ask(stand, contact, contract, Method.CASH))
    url = page(stand, contact)
    both = (await visitor.get(url)).text
    assert both.count("Folio:") == 2
    one = (await visitor.get(f"{url}?meses=3&contrato=5123")).text
    assert one.count("Folio:") == 1
    assert 'contrato=5123" aria-current="page"' in one
    assert (await visitor.get(f"{url}?contrato=9999")).text.count("Folio:") == 2
    rows = (await visitor.get(f"{url}/pagos.csv?contrato=8213")).content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[3] for row in rows[1:]] == ["termina en 8213"]


async def test_what_can_be_paid_says_how(stand: Stand, visitor: Visitor) -> None:
    contact = new_id()
    await ask(stand, contact, "455123", Method.SPEI)
    assert "CLABE: " in (await visitor.get(page(stand, contact))).text
    await ask(stand, contact, "455123", Method.CARD)
    opened = (await visitor.get(page(stand, contact))).text
    (pays,) = [link for link in lxml.html.fromstring(opened).xpath("//main//a/@href") if "/pagar/" in link]
    assert "Pagar $486.00 con tarjeta" in (await visitor.get(pays)).text
    stand.world.clock.offset = stand.clock.offset = timedelta(hours=23, minutes=30)
    again = (await visitor.get(page(stand, contact))).text
    assert "queda menos de una hora" in again
    stand.world.clock.offset = stand.clock.offset = timedelta(hours=25)
    assert "/pagar/" not in (await visitor.get(page(stand, contact))).text


async def test_the_file_opens_in_a_spreadsheet(stand: Stand, visitor: Visitor) -> None:
    contact = new_id()
    await pay(stand, await ask(stand, contact, "0048213", Method.CASH))
    answer = await visitor.get(page(stand, contact) + "/pagos.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    head, row = answer.content.decode("utf-8-sig").splitlines()
    assert head == "Fecha,Monto,Forma de pago,Contrato,Estado,Folio,Referencia"
    assert row.split(",")[1:5] == ["486.00", "en tienda", "termina en 8213", "Pagado"]


async def test_an_old_link_shows_nothing(stand: Stand, visitor: Visitor) -> None:
    url = page(stand, new_id())
    stand.world.clock.offset = stand.clock.offset = timedelta(minutes=31)
    assert (await visitor.get(url)).status_code == 410
    assert (await visitor.get(url + "/pagos.csv")).status_code == 410


async def test_the_link_opens_no_cards_and_the_one_to_the_cards_opens_both(stand: Stand, visitor: Visitor) -> None:
    contact = new_id()
    url = page(stand, contact)
    assert (await visitor.get(url.replace("/pagos/", "/automatico/"))).status_code == 410
    assert "/automatico/" not in (await visitor.get(url)).text
    cards = AutopayLinks.build(stand.settings, stand.clock).page(contact)
    opened = await visitor.get(cards.replace("/automatico/", "/pagos/"))
    assert (opened.status_code, "/automatico/" in opened.text) == (200, True)
