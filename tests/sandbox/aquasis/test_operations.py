"""Each operation through zeep, in strict mode, on our own WSDL files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from zeep.exceptions import Fault as SoapError

from sandbox.aquasis.usage import meter
from tests.sandbox.aquasis.conftest import Asker

CONTRACTS, OFFICE = "InterfazGenericaContratacionWS", "InterfazOficinaVirtualClientesWS"
DEBT, ORDERS, METERS = (
    "InterfazGenericaGestionDeudaWS",
    "InterfazGenericaOrdenesServicioWS",
    "InterfazGenericaContadoresWS",
)
ROSA, HUIMILPAN, UNKNOWN = 455123, 819627, 111111
NOON = datetime(2026, 11, 24, 12)
HOUR = 3600


def of(contract: int, zone: int | None = 1) -> dict[str, Any]:
    return {"explotacion": zone, "contrato": contract, "idioma": "es"}


def debtor(contract: int, zone: int | None = 1) -> dict[str, Any]:
    return {"tipoIdentificador": "CONTRATO", "valor": f"{contract}", "explotacion": zone, "idioma": "es"}


def order(contract: int, point: int | None = 600_001) -> dict[str, Any]:
    wanted = {
        "tipoOrden": 32,
        "motivoOrden": 52,
        "fechaCreacionOrden": NOON,
        "numContrato": contract,
        "idPtoServicio": point,
        "fechaEstimdaFin": NOON,
        "anyoExpediente": 2026,
        "instalaValvulaPaso": False,
    }
    return {"idioma": "es", "ordenTrabajo": wanted, "enCurso": False}


def request(code: str, site: str | None = "0001") -> dict[str, Any]:
    return {"operationalSiteID": site, "otClassID": 1, "otOriginID": code, "language": "es"}


async def test_the_detail_gives_zone_and_place(asker: Asker) -> None:
    [found] = await asker.ask(CONTRACTS, "consultaDetalleContrato", numeroContrato=[HUIMILPAN], idioma="es")
    assert found.contrato.explotacion == "8"
    assert (found.puntoSuministro.provincia, found.puntoSuministro.municipio) == ("HUIMILPAN", "EL MILAGRO")
    assert not await asker.ask(CONTRACTS, "consultaDetalleContrato", numeroContrato=[UNKNOWN], idioma="es")


async def test_bills_come_by_page_with_their_due_date(asker: Asker) -> None:
    paged = {"numeroContrato": ROSA, "fechaInicio": None, "fechaFin": None, "registroInicial": 2, "registroTotal": 3}
    answer = await asker.ask(CONTRACTS, "getFacturasContrato", **paged)
    rows = answer.facturas if isinstance(answer.facturas, list) else answer.facturas.FacturaDTO
    assert [(r.anyo, r.periodo) for r in rows] == [(2026, "9"), (2026, "8"), (2026, "7")]
    assert all(r.fechaEmision < r.fechaVencimiento for r in rows)
    none = await asker.ask(CONTRACTS, "getFacturasContrato", **(paged | {"numeroContrato": UNKNOWN}))
    assert none.resultado.codigoError == -501


async def test_a_pdf_an_unknown_bill_and_a_damaged_one(asker: Asker) -> None:
    bills = await asker.ask(OFFICE, "getFacturas", **of(ROSA))
    number = bills[0].numero
    good = await asker.ask(CONTRACTS, "getPdfFactura", numFactura=number, numContrato=ROSA)
    assert good.pdf.startswith(b"%PDF-")
    wrong = await asker.ask(CONTRACTS, "getPdfFactura", numFactura="1", numContrato=ROSA)
    assert wrong.resultado.codigoError == -1
    assert not wrong.pdf
    theirs = (await asker.ask(OFFICE, "getFacturas", **of(808516)))[0].numero
    damaged = await asker.ask(CONTRACTS, "getPdfFactura", numFactura=theirs, numContrato=808516)
    assert damaged.resultado.codigoError == 0
    assert not damaged.pdf.startswith(b"%PDF-")


async def test_ones_own_reading_stands_last_and_a_lower_one_is_refused(asker: Asker) -> None:
    last = (await asker.ask(OFFICE, "getLecturas", **of(ROSA)))[-1].metrosCubicos

    async def hand_in(register: int) -> int:
        values = {"lecturaContador1": register, "lecturaContador2": None, "fechaActual": "2026-11-24"}
        answer = await asker.ask(CONTRACTS, "solicitudIntroduccionLectura", numeroContrato=ROSA, **values)
        return int(answer.codigoError)

    assert await hand_in(last + 9) == 0
    assert await hand_in(last + 8) == -20
    newest = (await asker.ask(OFFICE, "getLecturas", **of(ROSA)))[-1]
    assert (newest.metrosCubicos, newest.periodo) == (last + 9, "<NOV> - <NOV>")


async def test_changes_are_kept(asker: Asker) -> None:
    who = {"nif": None, "usuario": "maria"}
    email = {"nombre": None, "apellido1": None, "apellido2": None, "emailAntigo": None, "atencionDe": "maria"}
    email |= {"codigoOficina": None, "contrato": ROSA}
    say = "cambiarEmailNotificacionPersona"
    assert await asker.ask(OFFICE, say, emailNuevo="nuevo@example.mx", **email, **who) == 0
    assert await asker.ask(OFFICE, say, emailNuevo="sin arroba", **email, **who) == -1
    say = "cambiarMovilNotificacionContrato"
    assert await asker.ask(OFFICE, say, contrato=ROSA, movil=4425550102, **who) == 0
    assert await asker.ask(OFFICE, say, contrato=ROSA, movil=42, **who) == -1
    await asker.ask(CONTRACTS, "solicitudActivacionFacturaOnline", numeroContrato=[ROSA], facturaOnline=True)
    [found] = await asker.ask(CONTRACTS, "consultaDetalleContrato", numeroContrato=[ROSA], idioma="es")
    person = found.datosPersonales
    assert (person.email, person.telefono1) == ("nuevo@example.mx", "4425550102")
    assert person.servicioFacturaOnline is True


@pytest.mark.parametrize("operation", ["getFacturas", "getConsumos", "getLecturas"])
async def test_another_zone_looks_like_an_empty_account(asker: Asker, operation: str) -> None:
    assert len(await asker.ask(OFFICE, operation, **of(HUIMILPAN, 8))) == 24
    assert not await asker.ask(OFFICE, operation, **of(HUIMILPAN, 1))
    assert not await asker.ask(OFFICE, operation, **of(UNKNOWN))


async def test_paid_bills_say_when(asker: Asker) -> None:
    newest, before = (await asker.ask(OFFICE, "getFacturas", **of(ROSA)))[:2]
    assert (newest.estado, newest.fechaCobro) == (2, None)
    assert (before.estado, before.fechaCobro) == (3, "02/11/2026")


async def test_a_bills_lines_add_up(asker: Asker) -> None:
    bill = (await asker.ask(OFFICE, "getFacturas", **of(ROSA)))[0]
    rows = await asker.ask(OFFICE, "getConceptoConTarifasDeFactura", numFactura=bill.numero, **of(ROSA))
    assert sum(row.concepto.importe for row in rows) == bill.importeTotal


async def test_debt_by_all_four_roads(asker: Asker) -> None:
    total = (await asker.ask(DEBT, "getDeudaContrato", **debtor(39925))).deudaContrato.deuda
    assert (await asker.ask(DEBT, "getDeuda", **debtor(39925))).deuda.deudaTotal == total
    listed = (await asker.ask(DEBT, "getDeudaTotalConFacturas", **of(39925, None))).deudaTotalFacturas
    assert sum(f.importeTotal for f in listed.facturas.factura) == listed.deudaTotal == total
    assert {f.codigoEstado for f in listed.facturas.factura} == {4}
    blocked = await asker.ask(DEBT, "getDeudaContratoBloqueoCobro", **debtor(720015))
    assert blocked.deudaContratoBloqueoCobro.bloquearCobro is True


async def test_a_wrong_zone_owes_nothing_and_no_zone_finds_the_contract(asker: Asker) -> None:
    assert (await asker.ask(DEBT, "getDeudaContrato", **debtor(ROSA, 12))).deudaContrato.deuda == 0
    assert (await asker.ask(DEBT, "getDeudaContrato", **debtor(ROSA, None))).deudaContrato.deuda > 0


@pytest.mark.parametrize("operation", ["getDeuda", "getDeudaContrato", "getDeudaContratoBloqueoCobro"])
async def test_an_unknown_contract_in_both_status_elements(asker: Asker, operation: str) -> None:
    answer = await asker.ask(DEBT, operation, **debtor(UNKNOWN))
    assert (answer.resultado.codigoError, answer.reultado.codigoError) == (-501, -501)


async def test_a_payment_lowers_the_debt_once(asker: Asker) -> None:
    listed = (await asker.ask(DEBT, "getDeudaTotalConFacturas", **of(ROSA))).deudaTotalFacturas
    [bill] = listed.facturas.factura
    paid = {"referencia": bill.referenciaPago, "importe": bill.importeTotal, "datosCobro": {"ticket": "t"}}
    assert (await asker.ask(DEBT, "cobrarReferencia", **paid)).codigoError == 0
    assert (await asker.ask(DEBT, "cobrarReferencia", **paid)).codigoError == -2
    assert (await asker.ask(DEBT, "getDeudaContrato", **debtor(ROSA))).deudaContrato.deuda == 0
    assert (await asker.ask(OFFICE, "getFacturas", **of(ROSA)))[0].fechaCobro == "24/11/2026"


async def test_an_order_moves_on_with_the_sandboxs_time(asker: Asker) -> None:
    code = await asker.ask(ORDERS, "crearOrdenTrabajo", **order(ROSA))

    async def last_comment() -> str:
        answer = await asker.ask(ORDERS, "refreshData", otRequest=request(code))
        return str(answer.otComments[-1].textComment)

    assert await last_comment() == "RECIBIDA"
    asker.world.clock.advance_seconds(7 * HOUR)
    assert await last_comment() == "CUADRILLA EN CAMINO"
    asker.world.clock.advance_seconds(30 * HOUR)
    rows = await asker.ask(ORDERS, "multipleRefreshData", otRequest=[request(code), request("O9999999")])
    assert rows[0].ot.otComments[-1].textComment == "TERMINADA"
    assert rows[1].error.identificador == "O9999999"
    assert len(await asker.ask(OFFICE, "getActuaciones", **of(ROSA))) == 1


async def test_what_breaks_an_order(asker: Asker) -> None:
    with pytest.raises(SoapError, match="NullPointerException"):
        await asker.ask(ORDERS, "crearOrdenTrabajo", **order(ROSA, None))
    code = await asker.ask(ORDERS, "crearOrdenTrabajo", **order(ROSA))
    for site in (None, "1"):
        with pytest.raises(SoapError, match="Parametro explotacion no informado"):
            await asker.ask(ORDERS, "refreshData", otRequest=request(code, site))
    with pytest.raises(SoapError, match="no existe"):
        await asker.ask(ORDERS, "refreshData", otRequest=request(code, "0008"))


async def test_a_meter_leads_to_its_point_and_tells_of_a_cut(asker: Asker) -> None:
    accounts = {a.contract: meter(a) for a in asker.world.data.content.accounts}
    asked = {"listaNumSerieContador": [accounts["0039925"], "0"], "usuario": "u", "idioma": "es", "opciones": ""}
    answer = await asker.ask(METERS, "getPuntoServicioPorContador", **asked)
    known, unknown = answer.puntosServicioContadorDTO.PuntosServicioContadorDTO
    [point] = known.puntoServicioDTO.PuntoServicioDTO
    assert (known.codigoResultado, point.estadoPuntoServicio, point.snCortadoPorDeuda) == ("200", "CONTRATADO", "S")
    assert unknown.codigoResultado == "404"
