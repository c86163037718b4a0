"""The receipt reaches chat and mailbox once, says what it must, and calls itself nothing it is not."""

from __future__ import annotations

import asyncio
import io

import pypdf
import pytest

from services.messaging.outbound import Buttons, LinkButton, Template, Text
from services.payments.model import ASKED_FOR, BillShare, Method
from services.payments.reviews import Decision, decide, open_cases
from tests.services.payments.conftest import BILLS
from tests.services.receipts.conftest import CONTRACT, Office


def words(pdf: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 1
    return reader.pages[0].extract_text()


async def test_the_chat_gets_the_receipt_with_the_good_news_once(office: Office) -> None:
    await office.citizen()
    await office.house.ask(bills=[b.__class__(**{**vars(b), "month": "2026-11"}) for b in BILLS])
    await office.pay()
    assert await office.receipts.send_due() == 1
    assert await office.receipts.send_due() == 0
    await office.house.tell("order.paid", "ord_1")
    await office.receipts.send_due()
    (message,) = await office.said()
    assert isinstance(message, Buttons)
    payment = (await office.house.payments.history(CONTRACT))[0]
    assert "Recibimos su pago de *$486.00*" in message.body
    assert "*8213*" in message.body
    assert payment.confirmation in message.body
    medium = await office.media.get(message.document, "c1")
    assert (medium.mime, medium.filename) == (
        "application/pdf",
        f"comprobante-2026-12-07-{payment.confirmation}.pdf",
    )
    text = words(medium.content)
    for part in ("$486.00", CONTRACT, payment.confirmation, "ord_1", "no es una factura", "12:00", "noviembre"):
        assert part in text
    assert len(medium.content) < 20_000


async def test_who_is_spoken_to_as_tu_is_told_so(office: Office) -> None:
    await office.citizen(register="tu")
    await office.house.ask()
    await office.pay()
    await office.receipts.send_due()
    assert "Recibimos tu pago" in (await office.said())[0].body


async def test_outside_the_window_a_template_says_it_and_its_button_brings_the_receipt(office: Office) -> None:
    await office.citizen(hours_ago=30)
    await office.house.ask()
    await office.pay()
    await office.receipts.send_due()
    (message,) = await office.said()
    assert isinstance(message, Template)
    assert (message.name, message.parameters[:3]) == ("payment_receipt", ("486.00", "8213", "lunes 7 de diciembre"))
    assert '"choice": "receipt"' in message.button_payloads[0]


async def test_a_spei_receipt_has_the_banks_tracking_code(office: Office) -> None:
    await office.citizen()
    await office.house.ask(method=Method.SPEI)
    office.house.conekta.change("ord_1", paid_with={"proof": "BNET0100200300"})
    await office.pay()
    await office.receipts.send_due()
    text = words((await office.media.get((await office.said())[0].document)).content)
    assert "BNET0100200300" in text
    assert "Clave de rastreo" in text


async def test_a_card_receipt_has_brand_and_last_digits_and_no_more(office: Office) -> None:
    await office.citizen()
    await office.house.ask(method=Method.CARD)
    office.house.conekta.change("ord_1", paid_with={"proof": "123456", "card": "visa 4242", "card_type": "debit"})
    await office.pay()
    await office.receipts.send_due()
    text = words((await office.media.get((await office.said())[0].document)).content)
    for part in ("visa 4242", "123456", "con tarjeta"):
        assert part in text


async def test_the_mail_goes_to_the_address_on_file_and_is_tried_again(office: Office) -> None:
    await office.citizen()
    await office.house.ask()
    await office.pay()
    office.mailer.failures = 1
    await office.receipts.mail_due()
    assert office.mailer.sent == []
    await office.receipts.mail_due()
    assert office.mailer.sent == [], "not at once"
    office.house.clock.advance(minutes=1)
    await office.receipts.mail_due()
    office.house.clock.advance(hours=3)
    await office.receipts.mail_due()
    ((address, subject, text, attachment),) = office.mailer.sent
    assert address == "persona@example.mx"
    assert "$486.00" in subject
    assert CONTRACT not in text, "only its last digits"
    assert attachment[2].startswith(b"%PDF-")


async def test_without_an_address_or_with_a_dead_aquasis_the_mail_ends_or_waits(office: Office) -> None:
    from services.aquasis.fake import contract

    await office.citizen()
    await office.house.ask()
    await office.pay()
    office.aquasis.down = True
    await office.receipts.mail_due()
    office.aquasis.down = False
    office.aquasis.add(contract(CONTRACT, email=None))
    office.house.clock.advance(minutes=2)
    assert await office.receipts.mail_due() == 1
    office.house.clock.advance(hours=9)
    assert await office.receipts.mail_due() == 0
    assert office.mailer.sent == []


async def test_two_workers_at_once_send_one(office: Office) -> None:
    await office.citizen()
    await office.house.ask()
    await office.pay()
    await asyncio.gather(*(office.receipts.send_due() for _ in range(3)), *(office.receipts.mail_due() for _ in "ab"))
    assert len(await office.said()) == 1
    assert len(office.mailer.sent) == 1


async def test_money_that_does_not_fit_is_told_without_a_receipt_until_a_person_accepts_it(office: Office) -> None:
    await office.citizen()
    await office.house.ask()
    await office.pay(amount=20_000)
    await office.receipts.send_due()
    (message,) = await office.said()
    assert "$200.00" in message.body
    assert "no pague otra vez" in message.body
    case = (await open_cases(office.house.db))[0]
    await decide(office.house.db, office.house.clock, case.id, Decision.ACCEPT, "ana")
    await office.house.payments.sweep()
    await office.receipts.send_due()
    assert "Recibimos su pago de *$200.00*" in (await office.said())[1].body


@pytest.mark.parametrize("method", ASKED_FOR)
async def test_a_kept_request_is_finished_when_the_gateway_is_back(office: Office, method: Method) -> None:
    await office.citizen()
    assert await office.kept.keep("c1") is None
    await office.kept.offer("c1", CONTRACT, method, 48_600, BILLS)
    assert await office.finisher.finish_due() == 0, "nobody said yes yet"
    assert await office.kept.keep("c1")
    assert await office.kept.keep("c1"), "a second tap is the same yes"
    office.house.conekta.down = True
    assert await office.finisher.finish_due() == 0
    office.house.conekta.down = False
    assert await office.finisher.finish_due() == 1
    assert await office.finisher.finish_due() == 0
    said = await office.said()
    assert len(office.house.conekta.orders) == 1
    if method is Method.CASH:
        assert said[0].caption
        assert office.house.conekta.orders["ord_1"].charges[0].reference in said[0].caption.replace(" ", "")
    elif method is Method.CARD:
        assert isinstance(said[0], LinkButton)
        assert said[0].url.startswith("https://pagos.example.mx/pagar/")
    else:
        assert isinstance(said[1], Text)
        assert said[1].body == office.house.conekta.orders["ord_1"].charges[0].reference


async def test_a_kept_request_for_a_debt_that_is_gone_is_not_made(office: Office) -> None:
    from services.aquasis.fake import contract

    await office.citizen()
    await office.kept.offer("c1", CONTRACT, Method.CASH, 48_600, BILLS)
    await office.kept.keep("c1")
    office.aquasis.add(contract(CONTRACT), total="0")
    assert await office.finisher.finish_due() == 1
    assert office.house.conekta.orders == {}
    assert "cambió" in (await office.said())[0].body


async def test_a_receipt_that_cannot_be_drawn_does_not_keep_the_others_waiting(office: Office) -> None:
    await office.citizen()
    await office.house.ask("k1", contact="c2", bills=[BillShare("F1", 48_600, "R1", "2026-13")])
    await office.house.ask("k2", bills=[BillShare("F1", 48_600, "R1", "2026-11")])
    await office.pay("ord_1")
    await office.pay("ord_2")
    await office.receipts.send_due()
    assert len(await office.said()) == 1


async def test_a_kept_request_does_not_take_back_what_was_asked_for_after_it(office: Office) -> None:
    await office.citizen()
    await office.kept.offer("c1", CONTRACT, Method.CASH, 48_600, BILLS)
    await office.kept.keep("c1")
    office.house.clock.advance(minutes=5)
    await office.house.ask(method=Method.SPEI)
    assert await office.finisher.finish_due() == 1
    assert [o.method for o in await office.house.payments.pending(CONTRACT)] == [Method.SPEI]
    assert await office.said() == []
    assert await office.finisher.finish_due() == 0


async def test_a_kept_request_is_not_made_for_what_was_paid_meanwhile_and_is_not_booked_yet(office: Office) -> None:
    await office.citizen()
    await office.kept.offer("c1", CONTRACT, Method.CASH, 48_600, BILLS)
    await office.kept.keep("c1")
    office.house.clock.advance(minutes=5)
    await office.house.ask(contact="somebody-else")
    await office.pay()
    assert await office.finisher.finish_due() == 1
    assert len(office.house.conekta.orders) == 1
    assert "cambió" in (await office.said())[-1].body


async def test_a_kept_request_that_waits_too_long_ends_with_another_way_to_pay(office: Office) -> None:
    await office.citizen()
    await office.kept.offer("c1", CONTRACT, Method.CASH, 48_600, BILLS)
    await office.kept.keep("c1")
    office.house.conekta.down = True
    office.house.clock.advance(hours=22)
    assert await office.finisher.finish_due() == 0
    office.house.clock.advance(hours=1, minutes=1)
    assert await office.finisher.finish_due() == 1
    assert "CEAmático" in (await office.said())[0].body
    assert await office.kept.keep("c1") is None
