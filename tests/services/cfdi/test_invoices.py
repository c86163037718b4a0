"""Invoices through the sandbox's PAC over its real HTTP surface: stamped once, laid on bills to the centavo."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import httpx
import pypdf
import pypdfium2
import pytest
import zxingcpp
from fastapi import FastAPI
from satcfdi.cfdi import CFDI
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from sandbox.data import SandboxData
from sandbox.faults import Fault
from sandbox.pac import build
from sandbox.world import World
from services.aquasis.fake import FakeAquasis, contract
from services.aquasis.model import Bill, BillState
from services.bootstrap import DATA
from services.cfdi import issue, printed
from services.cfdi.bootstrap import build_invoices
from services.cfdi.errors import InvoicedOtherwise, PacRefused, PacUnavailable, PacUnknown
from services.cfdi.fiscal import FiscalData
from services.cfdi.kept import FiscalDrawer, fiscal_key
from services.cfdi.service import Document, Invoices
from services.cfdi.tables import CfdiRow, FiscalDataRow
from services.clock import Clock
from services.knowledge.texts import Texts
from services.payments.model import BillShare, Method, PaymentOrder, State
from services.settings import Settings
from services.storage import Database
from services.storage.metadata import metadata

NOON = datetime(2026, 12, 7, 18, 0, tzinfo=UTC)
CONTRACT = "0048213"
ROSA = FiscalData("MALR850612Q74", "ROSA MARTINEZ LUNA", "76110", "612", "G03")
SEPTEMBER, OCTOBER = BillShare("F1", 28_600, "R1", "2026-09"), BillShare("F2", 20_000, "R2", "2026-10")


def paid(number: int, *shares: BillShare, method: Method = Method.SPEI, **more: object) -> PaymentOrder:
    total = sum(share.amount_centavos for share in shares)
    known = {"paid_at": NOON, "received_centavos": total, "bills": shares, **more}
    return PaymentOrder(f"{number:032x}", "c1", CONTRACT, method, total, State.PAID, NOON, NOON, **known)


@dataclass
class Counter:
    """Where invoices are made."""

    invoices: Invoices
    world: World
    db: Database
    http: httpx.AsyncClient
    aquasis: FakeAquasis
    drawer: FiscalDrawer

    async def stamped(self) -> int:
        return len((await self.http.get("/control/pac/stamped")).json())

    def fault(self, kind: str, **more: object) -> None:
        self.world.faults.active = [Fault(system="pac", kind=kind, **more)]


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    db, world, app = Database(f"sqlite+aiosqlite:///{tmp_path / 'i.db'}"), World(SandboxData()), FastAPI()
    async with db.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    app.include_router(build(world))
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox")
    aquasis = FakeAquasis()
    aquasis.add(contract(CONTRACT))
    aquasis.bill_lists[CONTRACT] = (
        Bill("F2", date(2026, 10, 1), Decimal("486.00"), BillState.PENDING),
        Bill("F1", date(2026, 9, 1), Decimal("286.00"), BillState.PAID),
    )
    settings = Settings(_env_file=None, pac_url="http://sandbox/pac")
    drawer = FiscalDrawer(db, Clock(), fiscal_key(settings))
    yield Counter(build_invoices(settings, db, http, aquasis), world, db, http, aquasis, drawer)
    await http.aclose()
    await db.close()


def complement(document: Document) -> list[tuple[str, int, str, str, str]]:
    """(income's uuid, partiality, owed before, paid, left) of each part."""
    (payment,) = CFDI.from_string(document.xml)["Complemento"]["Pagos"]["Pago"]
    return [
        (p["IdDocumento"], p["NumParcialidad"], *(str(p[k]) for k in ("ImpSaldoAnt", "ImpPagado", "ImpSaldoInsoluto")))
        for p in payment["DoctoRelacionado"]
    ]


async def test_each_bill_is_invoiced_whole_and_the_payment_is_laid_on_them(counter: Counter) -> None:
    september, october, payment = await counter.invoices.invoice(paid(1, SEPTEMBER, OCTOBER), ROSA)
    assert [d.kind for d in (september, october, payment)] == ["I", "I", "P"]
    income = CFDI.from_string(october.xml)
    assert (str(income["Total"]), income["MetodoPago"].code, income["FormaPago"].code) == ("486.00", "PPD", "99")
    assert income["Receptor"]["Rfc"] == ROSA.rfc
    assert income["Complemento"]["TimbreFiscalDigital"]["UUID"] == october.uuid
    assert complement(payment) == [
        (september.uuid, 1, "286.00", "286.00", "0.00"),
        (october.uuid, 1, "486.00", "200.00", "286.00"),
    ]


async def test_the_rest_of_a_bill_is_its_second_part_and_no_second_invoice(counter: Counter) -> None:
    await counter.invoices.invoice(paid(1, SEPTEMBER, OCTOBER), ROSA)
    rest = paid(2, replace(OCTOBER, amount_centavos=28_600), method=Method.CARD, card_type="credit")
    october, payment = await counter.invoices.invoice(rest, ROSA)
    assert complement(payment) == [(october.uuid, 2, "286.00", "286.00", "0.00")]
    (told,) = CFDI.from_string(payment.xml)["Complemento"]["Pagos"]["Pago"]
    assert told["FormaDePagoP"].code == "04"
    assert await counter.stamped() == 4


async def test_asking_again_or_at_the_same_time_gives_the_same_documents(counter: Counter) -> None:
    first = await counter.invoices.invoice(paid(1, SEPTEMBER), ROSA)
    assert await counter.invoices.invoice(paid(1, SEPTEMBER), ROSA) == first
    both = await asyncio.gather(*(counter.invoices.invoice(paid(2, OCTOBER), ROSA) for _ in range(2)))
    assert both[0] == both[1]
    assert await counter.stamped() == 4
    async with counter.db.read() as session:
        row = (await session.scalars(select(CfdiRow).where(CfdiRow.bill == "F2"))).one()
    assert (row.paid_centavos, row.parts) == (20_000, 1)


async def test_an_answer_that_got_lost_is_asked_for_again_and_nothing_is_stamped_twice(counter: Counter) -> None:
    counter.fault("drop", remaining=1)
    with pytest.raises(PacUnknown):
        await counter.invoices.invoice(paid(1, SEPTEMBER), ROSA)
    assert await counter.stamped() == 1
    documents = await counter.invoices.invoice(paid(1, SEPTEMBER), ROSA)
    assert len(documents) == await counter.stamped() == 2


async def test_a_pac_that_cannot_be_reached_has_stamped_nothing(counter: Counter, monkeypatch) -> None:
    async def unreachable(*args, **more):
        raise httpx.ConnectError("down")

    with monkeypatch.context() as patched:
        patched.setattr(counter.http, "post", unreachable)
        with pytest.raises(PacUnavailable):
            await counter.invoices.invoice(paid(1, SEPTEMBER), ROSA)
    assert len(await counter.invoices.invoice(paid(1, SEPTEMBER), ROSA)) == 2


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (replace(ROSA, rfc="OERT790321H28"), "CFDI40143"),
        (replace(ROSA, name="ROSA MARTINEZ"), "CFDI40145"),
        (replace(ROSA, postcode="76000"), "CFDI40148"),
        (replace(ROSA, regime="626"), "CFDI40158"),
    ],
)
async def test_what_the_sat_knows_otherwise_is_refused_and_may_be_corrected(counter: Counter, data, code) -> None:
    with pytest.raises(PacRefused) as refusal:
        await counter.invoices.invoice(paid(1, SEPTEMBER), data)
    assert refusal.value.code == code
    assert len(await counter.invoices.invoice(paid(1, SEPTEMBER), ROSA)) == 2


WORKSHOP = FiscalData("TAA170914AB0", "TALLER ALAMEDA", "76040", "601", "G03")


async def test_a_payment_is_not_invoiced_to_a_second_rfc(counter: Counter) -> None:
    documents = await counter.invoices.invoice(paid(1, SEPTEMBER), ROSA)
    with pytest.raises(InvoicedOtherwise):
        await counter.invoices.invoice(paid(1, SEPTEMBER), WORKSHOP)
    assert await counter.invoices.invoice(paid(1, SEPTEMBER), ROSA) == documents
    assert await counter.stamped() == 2


async def test_a_bill_half_invoiced_to_one_is_not_invoiced_to_another_and_nothing_of_it_is_stamped(
    counter: Counter,
) -> None:
    await counter.invoices.invoice(paid(1, OCTOBER), ROSA)
    with pytest.raises(InvoicedOtherwise):
        await counter.invoices.invoice(paid(2, SEPTEMBER, replace(OCTOBER, amount_centavos=28_600)), WORKSHOP)
    assert await counter.stamped() == 2


async def test_two_who_ask_at_once_get_one_invoice(counter: Counter) -> None:
    both = await asyncio.gather(
        *(counter.invoices.invoice(paid(1, SEPTEMBER), who) for who in (ROSA, WORKSHOP)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in both) in (["InvoicedOtherwise", "list"], ["InvoicedOtherwise"] * 2)
    async with counter.db.read() as session:
        rows = list(await session.scalars(select(CfdiRow).where(CfdiRow.uuid.is_not(None))))
    assert len({row.payer for row in rows}) == 1
    assert await counter.stamped() == len(rows)


async def test_a_lost_answer_for_one_rfc_is_not_taken_for_anothers(counter: Counter) -> None:
    counter.fault("drop", remaining=1)
    with pytest.raises(PacUnknown):
        await counter.invoices.invoice(paid(1, SEPTEMBER), ROSA)
    with pytest.raises(InvoicedOtherwise):
        await counter.invoices.invoice(paid(1, SEPTEMBER), WORKSHOP)
    assert len(await counter.invoices.invoice(paid(1, SEPTEMBER), ROSA)) == await counter.stamped() == 2


async def test_an_rfc_that_the_sat_refused_does_not_stand_in_the_way(counter: Counter) -> None:
    with pytest.raises(PacRefused):
        await counter.invoices.invoice(paid(1, SEPTEMBER), replace(ROSA, rfc="OERT790321H28"))
    assert len(await counter.invoices.invoice(paid(1, SEPTEMBER), WORKSHOP)) == 2


async def test_the_database_itself_forbids_a_second_invoice(counter: Counter) -> None:
    def row(name: str) -> CfdiRow:
        keys = {"contract": CONTRACT, "bill": "F1", "kind": "I", "payment_id": "", "payer": name}
        return CfdiRow(**keys, total_centavos=1, custom_id=name, created_at=NOON)

    with pytest.raises(IntegrityError):
        async with counter.db.begin() as session:
            session.add_all([row("a"), row("b")])


async def test_the_sandbox_refuses_no_token_and_no_xml(counter: Counter) -> None:
    url = "/pac/v4/cfdi33/issue/v4"
    assert (await counter.http.post(url, files={"xml": b"<a/>"})).status_code == 401
    headers = {"Authorization": "Bearer sandbox-pac-token"}
    for raw in (b"", b"hola", b"<a/>", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'):
        answer = await counter.http.post(url, files={"xml": ("xml", raw, "text/xml")}, headers=headers)
        assert answer.status_code == 400, raw


async def test_fiscal_data_is_kept_sealed_with_its_consent_and_can_be_forgotten(counter: Counter) -> None:
    await counter.drawer.keep("c1", CONTRACT, ROSA, "Acepto que guarden mis datos para mis facturas.")
    await counter.drawer.keep("c1", CONTRACT, replace(ROSA, use="S01"), "Acepto.")
    assert await counter.drawer.get("c1", CONTRACT) == replace(ROSA, use="S01")
    assert await counter.drawer.get("c2", CONTRACT) is None
    async with counter.db.read() as session:
        row = (await session.scalars(select(FiscalDataRow))).one()
    assert ROSA.rfc.encode() not in row.sealed
    assert row.consent_text == "Acepto."
    await counter.drawer.forget("c1")
    assert await counter.drawer.get("c1", CONTRACT) is None


async def test_the_printed_form_has_what_the_law_wants_and_a_qr_that_leads_to_the_sat(counter: Counter) -> None:
    documents = await counter.invoices.invoice(paid(1, SEPTEMBER, OCTOBER), ROSA)
    texts = Texts(DATA / "texts.yml")
    for document in documents:
        pdf = printed.render(document.xml, texts)
        words = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
        stamp = CFDI.from_string(document.xml)["Complemento"]["TimbreFiscalDigital"]
        wanted = (document.uuid, ROSA.rfc, "EKU9003173C9", "representación impresa", stamp["SelloSAT"][:60], "76110")
        for part in wanted:
            assert part in words
        page = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil().convert("L")
        (code,) = zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)
        assert code.text == CFDI.from_string(document.xml).verifica_url
    with pytest.raises(KeyError):
        printed.render(_unstamped(documents[0].xml), texts)


def _unstamped(xml: bytes) -> bytes:
    document = CFDI.from_string(xml)
    del document["Complemento"]
    return bytes(document.xml_bytes())


async def test_prices_with_tax_inside_are_taken_apart_and_add_up(counter: Counter) -> None:
    settings = Settings(_env_file=None, pac_url="http://sandbox/pac", cfdi_vat="0.16")
    invoices = build_invoices(settings, counter.db, counter.http, counter.aquasis)
    income = CFDI.from_string((await invoices.invoice(paid(1, SEPTEMBER), ROSA))[0].xml)
    assert (str(income["SubTotal"]), str(income["Total"])) == ("246.55", "286.00")


async def test_the_command_finds_the_payment_by_its_number(counter: Counter, tmp_path: Path) -> None:
    from tests.services.payments.conftest import build_house

    house = await build_house(tmp_path / "p.db")
    await house.ask()
    house.conekta.pay("ord_1")
    await house.payments.sweep()
    payment = (await house.payments.history(CONTRACT))[0]
    assert (await issue.find(house.db, payment.confirmation.lower())).id == payment.id
    for wrong in ("00000-00000", "", "¡hola!", "ILOU0-00000"):
        with pytest.raises(ValueError, match=r"substring not found|no payment"):
            await issue.find(house.db, wrong)
    documents = [Document("I", "u1", (await counter.invoices.invoice(paid(1, SEPTEMBER), ROSA))[0].xml)]
    (path,) = issue.write(tmp_path / "out", documents, Texts(DATA / "texts.yml"))
    assert path.with_suffix(".pdf").read_bytes().startswith(b"%PDF-")
    await house.db.close()
