"""An invoice asked for in the chat: made once, sent once, corrected where the SAT has it otherwise, never promised."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from services.bootstrap import DATA
from services.cfdi import requests
from services.cfdi.delivery import InvoiceDelivery
from services.cfdi.errors import InvoicedOtherwise, PacRefused, PacUnknown
from services.cfdi.fiscal import FiscalData
from services.cfdi.kept import FiscalDrawer, fiscal_key
from services.cfdi.requests import InvoiceRequest, InvoiceRequests, can_be_invoiced
from services.cfdi.sending import InvoiceSending, Paper, wrong_part
from services.cfdi.tables import FiscalDataRow, InvoiceRequestRow
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.links.pages import InvoiceLinks
from services.messaging.bell import Bell
from services.messaging.outbound import Buttons, Document, LinkButton
from services.messaging.outbox import Outbox
from services.payments.model import PaymentOrder
from services.settings import Settings
from tests.services.receipts.conftest import CONTRACT, Office, build_office

ROSA = FiscalData("MALR850612Q74", "ROSA MARTINEZ LUNA", "76110", "612", "G03")
CONSENT = "Acepto que guarden mis datos."


@dataclass
class FakeMaker:
    """Stamps two documents; fails as told first."""

    failures: list[Exception] = field(default_factory=list)
    made_for: list[FiscalData] = field(default_factory=list)
    papers: tuple[Paper, ...] = (Paper("I", "u1", b"<i/>", b"%PDF i"), Paper("P", "u2", b"<p/>", b"%PDF p"))

    async def make(self, payment: PaymentOrder, data: FiscalData) -> list[Paper]:
        if self.failures:
            raise self.failures.pop(0)
        self.made_for.append(data)
        return list(self.papers)

    async def made(self, payment: PaymentOrder) -> list[Paper]:
        return list(self.papers)


@dataclass
class Desk:
    """Everything a test looks at."""

    office: Office
    asked: InvoiceRequests
    maker: FakeMaker
    delivery: InvoiceDelivery

    async def paid(self) -> PaymentOrder:
        await self.office.citizen()
        await self.office.house.ask()
        await self.office.pay()
        return (await self.office.house.payments.history(CONTRACT))[0]

    async def handed_in(self, consent: str | None = CONSENT) -> InvoiceRequest:
        request = await self.asked.ask(await self.paid())
        assert await self.asked.submit(request.id, ROSA, consent)
        return request

    async def row(self) -> InvoiceRequestRow:
        async with self.office.house.db.read() as session:
            return (await session.scalars(select(InvoiceRequestRow))).one()

    async def round(self, later: timedelta = timedelta()) -> None:
        self.office.house.clock.offset += later
        await self.delivery.make_due()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    office = await build_office(f"sqlite+aiosqlite:///{tmp_path / 'f.db'}")
    db, clock, texts = office.house.db, office.house.clock, Texts(DATA / "texts.yml")
    asked = InvoiceRequests(db, clock, FiscalDrawer(db, clock, fiscal_key(Settings(_env_file=None))))
    links = InvoiceLinks("https://pagos.example.mx", ["a secret"], clock, timedelta(minutes=60))
    sending = InvoiceSending(Outbox(db, Bell(None), wall=clock), clock, links, Formats(clock, texts), texts)
    maker = FakeMaker()
    yield Desk(
        office,
        asked,
        maker,
        InvoiceDelivery(db, clock, asked, lambda: maker, sending, office.aquasis, office.mailer),
    )
    await db.close()


async def test_pdf_and_xml_of_each_document_reach_the_chat_once(desk: Desk) -> None:
    await desk.handed_in()
    await asyncio.gather(*(desk.round() for _ in range(3)))
    said = await desk.office.said()
    assert [type(message) for message in said] == [Document] * 4
    assert "Folio fiscal: u1" in (said[0].caption or "")
    files = [await desk.office.media.get(message.media, "c1") for message in said]
    assert [f.filename for f in files] == ["u1.pdf", "u1.xml", "u2.pdf", "u2.xml"]
    assert files[1].content == b"<i/>"
    row = await desk.row()
    assert (row.state, row.sealed) == (requests.DONE, None)
    assert desk.maker.made_for == [ROSA]


async def test_it_goes_by_e_mail_in_one_file_where_there_is_an_address(desk: Desk) -> None:
    await desk.handed_in()
    await desk.round()
    desk.office.mailer.failures = 1
    for wait in (0, 60, 600):
        desk.office.house.clock.offset += timedelta(seconds=wait)
        await desk.delivery.mail_due()
    ((address, subject, text, (name, mime, content)),) = desk.office.mailer.sent
    assert "@" in address
    assert "$486.00" in subject
    assert (await desk.office.house.payments.history(CONTRACT))[0].confirmation in text
    assert (mime, name.endswith(".zip")) == ("application/zip", True)
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == ["u1.xml", "u1.pdf", "u2.xml", "u2.pdf"]


async def test_what_the_sat_refuses_is_told_by_its_part_and_can_be_corrected(desk: Desk) -> None:
    request = await desk.handed_in()
    desk.maker.failures = [PacRefused("CFDI40145")]
    await desk.round()
    (message,) = await desk.office.said()
    assert isinstance(message, LinkButton)
    assert "Todavía no hay factura: el nombre no es igual" in message.body
    assert "/factura/" in message.url
    found = await desk.asked.get(request.id)
    assert found is not None
    assert (found.state, found.typed) == (requests.REFUSED, ROSA)
    desk.office.house.clock.offset += timedelta(minutes=5)
    assert await desk.asked.submit(request.id, replace(ROSA, name="ROSA MARTINEZ"), CONSENT)
    await desk.round()
    assert (await desk.row()).state == requests.DONE


async def test_a_pac_that_is_down_is_asked_again_and_in_the_end_it_is_said(desk: Desk) -> None:
    await desk.handed_in()
    desk.maker.failures = [PacUnknown("timeout")] * 50
    await desk.round()
    assert await desk.office.said() == []
    for _ in range(45):
        await desk.round(timedelta(minutes=30))
    (message,) = await desk.office.said()
    assert isinstance(message, Buttons)
    assert "No pude hacer su factura" in message.body
    assert (await desk.row()).state == requests.FAILED


async def test_a_pac_that_comes_back_finishes_it(desk: Desk) -> None:
    await desk.handed_in()
    desk.maker.failures = [PacUnknown("timeout"), RuntimeError("ours")]
    await desk.round()
    await desk.round(timedelta(seconds=1))
    assert len(desk.maker.failures) == 1  # not before some seconds have passed
    for _ in range(2):
        await desk.round(timedelta(minutes=1))
    assert (await desk.row()).state == requests.DONE


async def test_another_rfc_has_it(desk: Desk) -> None:
    await desk.handed_in()
    desk.maker.failures = [InvoicedOtherwise()]
    await desk.round()
    assert "ya se facturó con otro RFC" in (await desk.office.said())[0].body
    assert (await desk.row()).sealed is None


async def test_handing_in_twice_is_once_and_asking_again_sends_the_same(desk: Desk) -> None:
    request = await desk.handed_in()
    assert not await desk.asked.submit(request.id, replace(ROSA, rfc="TAA170914AB0"), CONSENT)
    await desk.round()
    assert await desk.asked.send_again(request.id)
    assert not await desk.asked.send_again(request.id)
    await desk.round()
    assert len(await desk.office.said()) == 8
    assert desk.maker.made_for == [ROSA]
    assert (await desk.asked.ask(request.payment)).id == request.id


async def test_data_are_kept_sealed_with_consent_and_can_be_deleted(desk: Desk) -> None:
    await desk.handed_in()
    async with desk.office.house.db.read() as session:
        kept = (await session.scalars(select(FiscalDataRow))).one()
    assert (kept.consent_text, kept.consented_at) == (CONSENT, desk.office.house.clock.now())
    for sealed in (kept.sealed, (await desk.row()).sealed or b""):
        assert ROSA.rfc.encode() not in sealed
    assert await desk.asked.drawer.get("c1", CONTRACT) == ROSA
    assert await desk.asked.forget("c1")
    assert not await desk.asked.forget("c1")
    await desk.round()  # what was handed in and is under way is still made
    assert (await desk.row()).state == requests.DONE


async def test_what_was_typed_and_refused_is_gone_after_a_day(desk: Desk) -> None:
    await desk.handed_in()
    desk.maker.failures = [PacRefused("CFDI40143")]
    await desk.round()
    await desk.delivery.drop_typed()
    assert (await desk.row()).sealed is not None
    desk.office.house.clock.offset += timedelta(days=2)
    await desk.delivery.drop_typed()
    assert (await desk.row()).sealed is None


async def test_out_of_the_window_nothing_is_written_and_asking_brings_it(desk: Desk) -> None:
    request = await desk.handed_in()
    await desk.round(timedelta(hours=30))
    assert await desk.office.said() == []
    assert (await desk.row()).state == requests.DONE
    assert await desk.asked.send_again(request.id)


async def test_only_what_arrived_and_lies_on_bills(desk: Desk) -> None:
    payment = await desk.paid()
    assert can_be_invoiced(payment)
    assert not can_be_invoiced(replace(payment, bills=()))
    assert not can_be_invoiced(replace(payment, paid_at=None))


def test_the_sats_codes_by_part() -> None:
    codes = ("CFDI40143", "CFDI40145", "CFDI40148", "CFDI40158", "CFDI40161", "301", None)
    assert [wrong_part(code) for code in codes] == ["rfc", "name", "postcode", "regime", "use", "other", "other"]
