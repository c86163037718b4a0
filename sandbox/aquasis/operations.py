"""The operations, by service. Each takes the parsed arguments and gives the answer's values by wire name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sandbox.aquasis.bill_pdf import bill_pdf
from sandbox.aquasis.ledger import ZONE, Bill, Ledger, meter, register, water
from sandbox.aquasis.wire import SoapFault
from sandbox.data import Account

OK = {"codigoError": 0, "descripcionError": "OK"}
NO_SUCH_CONTRACT = {"codigoError": -501, "descripcionError": "El contrato no existe"}
OVERDUE, PENDING, PAID = 4, 2, 3
MONTH = ("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC")
PROGRESS = (  # hours after which an order moves on, and what its comment says
    (0, "RECIBIDA"),
    (2, "ASIGNADA A CUADRILLA"),
    (6, "CUADRILLA EN CAMINO"),
    (30, "TERMINADA"),
)

Operation = Callable[[Ledger, Any], dict[str, Any]]


def consulta_detalle_contrato(books: Ledger, asked: Any) -> dict[str, Any]:
    """An unknown contract is a well-formed empty body (aquasis.md 1.3)."""
    found = [_detail(books, a) for n in asked.numeroContrato or [] if (a := books.account(n))]
    return {"consultaDetalleContratoReturn": {"GenericoContratoDTO": found}}


def _detail(books: Ledger, account: Account) -> dict[str, Any]:
    changed = books.changes.get(int(account.contract), {})
    phones = [changed["phone"]] if "phone" in changed else list(account.phones)
    return {
        "contrato": {
            "numeroContrato": str(int(account.contract)),
            "explotacion": str(account.zone),
            "tipoUso": 1 if account.use.startswith("DOMESTICO") else 2,
            "descUso": account.use,
            "numeroContador": meter(account),
            "titular": account.holder,
            "telelectura": False,
            "tienePlanPago": "N",
        },
        "puntoSuministro": {
            "provincia": account.municipality,
            "municipio": account.locality,
            "calle": account.street,
            "numero": account.number,
            "listaDeContadores": {"ContratoContadorDTO": [{"numeroSerie": meter(account), "estadoContador": 1}]},
        },
        "datosPersonales": {
            "titular": account.holder,
            "cifNif": "XAXX010101000",
            "telefono1": phones[0] if phones else None,
            "telefono2": phones[1] if len(phones) > 1 else None,
            "email": changed.get("email", account.email),
            "servicioFacturaOnline": changed.get("paperless", str(account.paperless)) == "True",
            "idioma": "es",
        },
        "resultado": OK,
    }


def get_pdf_factura(books: Ledger, asked: Any) -> dict[str, Any]:
    """`pdf` is not nillable: an error carries an empty one."""
    account = books.account(asked.numContrato)
    bill = next((b for b in books.bills(account) if b.number == asked.numFactura), None) if account else None
    if account is None or bill is None:
        return {"getPdfFacturaReturn": {"resultado": {"codigoError": -1, "descripcionError": "No existe"}, "pdf": b""}}
    pdf = (
        b"<html>mantenimiento</html>" if account.broken_pdf else bill_pdf(account, bill, water(account, books.today()))
    )
    return {"getPdfFacturaReturn": {"resultado": OK, "pdf": pdf}}


def solicitud_introduccion_lectura(books: Ledger, asked: Any) -> dict[str, Any]:
    """A reading below the last one is refused."""
    account = books.account(asked.numeroContrato)
    if account is None:
        return {"solicitudIntroduccionLecturaReturn": NO_SUCH_CONTRACT}
    last = register(account, books.today())[-1][1]
    if (asked.lecturaContador1 or 0) < last:
        refused = {"codigoError": -20, "descripcionError": "Lectura menor que la anterior"}
        return {"solicitudIntroduccionLecturaReturn": refused}
    books.handed_in[int(account.contract)] = asked.lecturaContador1
    return {"solicitudIntroduccionLecturaReturn": OK}


def solicitud_activacion_factura_online(books: Ledger, asked: Any) -> dict[str, Any]:
    """Paperless on or off."""
    for number in getattr(asked.numeroContrato, "int", None) or asked.numeroContrato or []:
        if books.account(number) is None:
            return {"solicitudActivacionFacturaOnlineReturn": NO_SUCH_CONTRACT}
        books.changes.setdefault(int(number), {})["paperless"] = str(bool(asked.facturaOnline))
    return {"solicitudActivacionFacturaOnlineReturn": OK}


def _in_zone(books: Ledger, asked: Any) -> Account | None:
    """Service 2: a wrong zone answers empty, like an unknown contract (3.8)."""
    account = books.account(asked.contrato)
    return account if account and account.zone == asked.explotacion else None


def get_facturas(books: Ledger, asked: Any) -> dict[str, Any]:
    """Whole history, newest first."""
    account = _in_zone(books, asked)
    rows = [_factura(books, account, b) for b in books.bills(account)] if account else []
    return {"getFacturasReturn": {"Factura": rows}}


def _factura(books: Ledger, account: Account, bill: Bill) -> dict[str, Any]:
    return {
        "contrato": int(account.contract),
        "fechaCobro": books.paid[bill.number].strftime("%d/%m/%Y") if bill.number in books.paid else None,
        "importeTotal": bill.amount,
        "numero": bill.number,
        "tipoCobro": "VENTANILLA",
        "año": bill.month.year,
        "fechaEmision": bill.issued.strftime("%d/%m/%Y"),
        "periodo": bill.month.month,
        "idDocumentoFactura": bill.number,
        "tipoDocumento": 1,
        "origenFactura": "CICLO",
        "estado": _state(books, account, bill),
        "conceptosCobrados": None,
    }


def _state(books: Ledger, account: Account, bill: Bill) -> int:
    if bill not in books.unpaid(account):
        return PAID
    return OVERDUE if bill.due < books.today() else PENDING


def get_consumos(books: Ledger, asked: Any) -> dict[str, Any]:
    """`periodo` is text with angle brackets (1.1 rule 14)."""
    return {"getConsumosReturn": {"Consumo": _history(books, asked, water)}}


def get_lecturas(books: Ledger, asked: Any) -> dict[str, Any]:
    """`metrosCubicos` is the register here."""
    return {"getLecturasReturn": {"Lectura": _history(books, asked, register)}}


def _history(books: Ledger, asked: Any, values: Callable[..., Any]) -> list[dict[str, Any]]:
    account = _in_zone(books, asked)
    if account is None:
        return []
    return [
        {
            "estimado": estimated,
            "año": month.year,
            "metrosCubicos": cubic,
            "periodicidad": "MENSUAL",
            "periodo": f"<{MONTH[month.month - 1]}> - <{MONTH[month.month - 1]}>",
            "fechaLectura": (month + timedelta(days=27)).strftime("%d/%m/%Y"),
        }
        for month, cubic, estimated in values(account, books.today())
    ]


def get_titular_por_contrato(books: Ledger, asked: Any) -> dict[str, Any]:
    """Empty for an unknown contract."""
    account = _in_zone(books, asked)
    if account is None:
        return {"getTitularPorContratoReturn": None}
    return {"getTitularPorContratoReturn": {"nombre": account.holder, "EMail": account.email, "nif": "XAXX010101000"}}


def get_tarifa(books: Ledger, asked: Any) -> dict[str, Any]:
    """Rules and correctors, never price tiers (2.2)."""
    account = _in_zone(books, asked)
    if account is None:
        return {"getTarifaDeAguaPorContratoReturn": None}
    return {"getTarifaDeAguaPorContratoReturn": {"descripcion": account.use}}


def get_actuaciones(books: Ledger, asked: Any) -> dict[str, Any]:
    """Nothing was done."""
    return {"getActuacionesReturn": {"Actuacion": []}}


def get_concepto(books: Ledger, asked: Any) -> dict[str, Any]:
    """A bill's line items."""
    account = _in_zone(books, asked)
    bill = next((b for b in books.bills(account) if b.number == asked.numFactura), None) if account else None
    rows = [
        {"concepto": {"descripcionConcepto": name, "importe": pesos}} for name, pesos in (bill.lines if bill else ())
    ]
    return {"getConceptoConTarifasDeFacturaReturn": {"ConceptoConTarifasFacturadas": rows}}


def cambiar_email(books: Ledger, asked: Any) -> dict[str, Any]:
    """Bare return code; 0 is done."""
    account = books.account(asked.contrato)
    if account is None or "@" not in (asked.emailNuevo or ""):
        return {"cambiarEmailNotificacionPersonaReturn": -1}
    books.changes.setdefault(int(account.contract), {})["email"] = asked.emailNuevo
    return {"cambiarEmailNotificacionPersonaReturn": 0}


def cambiar_movil(books: Ledger, asked: Any) -> dict[str, Any]:
    """Ten digits."""
    account = books.account(asked.contrato)
    if account is None or len(str(asked.movil or "")) != 10:
        return {"cambiarMovilNotificacionContratoReturn": -1}
    books.changes.setdefault(int(account.contract), {})["phone"] = str(asked.movil)
    return {"cambiarMovilNotificacionContratoReturn": 0}


def _debtor(books: Ledger, asked: Any) -> Account | None:
    return books.account(asked.valor) if asked.tipoIdentificador == "CONTRATO" else None


def get_deuda(books: Ledger, asked: Any) -> dict[str, Any]:
    """`resultado` qualified and `reultado` beside it (1.1 rules 2 and 3)."""
    account = _debtor(books, asked)
    if account is None:
        return {"return": {"resultado": NO_SUCH_CONTRACT, "reultado": NO_SUCH_CONTRACT}}
    owed = books.debt(account)
    values = {
        "ciclosAnteriores": max(0, len(books.unpaid(account)) - 1),
        "ciclosTotales": len(books.unpaid(account)),
        "deuda": owed,
        "deudaComision": Decimal(),
        "deudaTotal": owed,
        "documentoPago": whole_debt_reference(account),
        "explotacion": account.zone,
        "saldoAnterior": Decimal(),
        "saldoAnteriorComision": Decimal(),
        "saldoAnteriorTotal": Decimal(),
        "nombreCliente": account.holder,
    }
    return {"return": {"resultado": OK, "deuda": values, "reultado": OK}}


def whole_debt_reference(account: Account) -> str:
    """What pays everything a contract owes."""
    return f"{int(account.contract):010d}0000"


def get_deuda_contrato(books: Ledger, asked: Any) -> dict[str, Any]:
    """The total."""
    account = _debtor(books, asked)
    if account is None:
        return {"return": {"resultado": NO_SUCH_CONTRACT, "reultado": NO_SUCH_CONTRACT}}
    values = {"deuda": books.debt(account), "explotacion": account.zone, "nombreCliente": account.holder}
    return {"return": {"resultado": OK, "deudaContrato": values, "reultado": OK}}


def get_deuda_bloqueo(books: Ledger, asked: Any) -> dict[str, Any]:
    """Whether anything may be charged now."""
    account = _debtor(books, asked)
    if account is None:
        return {"return": {"resultado": NO_SUCH_CONTRACT, "reultado": NO_SUCH_CONTRACT}}
    values = {"bloquearCobro": account.blocked, "deuda": books.debt(account), "explotacion": account.zone}
    return {"return": {"resultado": OK, "deudaContratoBloqueoCobro": values, "reultado": OK}}


def get_deuda_facturas(books: Ledger, asked: Any) -> dict[str, Any]:
    """Bill by bill, only `resultado` here (1.1 rule 3)."""
    account = books.account(asked.contrato)
    if account is None:
        return {"return": {"resultado": NO_SUCH_CONTRACT}}
    open_bills = books.unpaid(account)
    rows = [
        {
            "ciclo": f"{b.month.year}/{b.month.month:02d}",
            "codigoEstado": _state(books, account, b),
            "codigoTipoFactura": 1,
            "estado": "VENCIDA" if b.due < books.today() else "PENDIENTE",
            "fechaVencimiento": b.due.strftime("%d/%m/%Y"),
            "importeTotal": b.amount,
            "numFactura": b.number,
            "referenciaPago": b.reference,
            "tipoFactura": "CICLO",
        }
        for b in open_bills
    ]
    values = {
        "cantidadFacturas": len(rows),
        "contrato": int(account.contract),
        "deudaTotal": books.debt(account),
        "explotacion": account.zone,
        "facturas": {"factura": rows},
        "nombreCliente": account.holder,
    }
    return {"return": {"resultado": OK, "deudaTotalFacturas": values}}


def cobrar_referencia(books: Ledger, asked: Any) -> dict[str, Any]:
    """Moves money. A second time the same reference is refused, not booked again."""
    code = books.pay(asked.referencia, Decimal(str(asked.importe or 0)))
    text = ("OK", "Referencia inexistente", "Referencia ya cobrada", "Importe no coincide")[code]
    return {"return": {"codigoError": -code, "descripcionError": text}}


def avisar_pago(books: Ledger, asked: Any) -> dict[str, Any]:
    """A notice, no booking."""
    return {"return": OK}


def crear_orden_trabajo(books: Ledger, asked: Any) -> dict[str, Any]:
    """Without a service point the real one breaks (1.3, S)."""
    order = asked.ordenTrabajo
    if order is None or not order.idPtoServicio:
        raise SoapFault("soap:Server", "java.lang.NullPointerException")
    return {"return": books.new_order(order.numContrato or 0, order.tipoOrden or 0, order.observaciones or "")}


def refresh_data(books: Ledger, asked: Any) -> dict[str, Any]:
    """Needs the zone, padded to four (1.3, S)."""
    return {"return": _order_answer(books, asked.otRequest)}


def multiple_refresh_data(books: Ledger, asked: Any) -> dict[str, Any]:
    """In bulk; an unknown order is an error of its own."""
    rows: list[dict[str, Any]] = []
    for request in asked.otRequest or []:
        if request.otOriginID in books.orders:
            rows.append({"ot": _order_answer(books, request)})
        else:
            rows.append({"error": {"codigoError": "-1", "descripcionError": "No existe"}})
    return {"return": rows}


def _order_answer(books: Ledger, request: Any) -> dict[str, Any]:
    if request is None or not request.operationalSiteID or len(request.operationalSiteID) != 4:
        raise SoapFault("soap:Server", "Parametro explotacion no informado")
    order = books.orders.get(request.otOriginID or "")
    if order is None:
        raise SoapFault("soap:Server", "La orden no existe")
    age = (books.world.clock.now() - order.created).total_seconds() / 3600
    comments = [
        {
            "dateTimeComment": (order.created + timedelta(hours=hours)).astimezone(ZONE).isoformat(),
            "textComment": text,
            "idComment": str(i),
            "creationUser": "OCCAM",
        }
        for i, (hours, text) in enumerate(PROGRESS, 1)
        if age >= hours
    ]
    return {"otComments": comments}


def get_punto_servicio(books: Ledger, asked: Any) -> dict[str, Any]:
    """One entry a meter, `codigoResultado` 200 where it is known (S)."""
    rows = []
    for serial in asked.listaNumSerieContador or []:
        account = books.by_meter(serial)
        points = [_point(books, account)] if account else []
        rows.append(
            {
                "numSerieContador": serial,
                "puntoServicioDTO": {"PuntoServicioDTO": points},
                "codigoResultado": "200" if account else "404",
            }
        )
    values = {"puntosServicioContadorDTO": {"PuntosServicioContadorDTO": rows}, "resultado": OK}
    return {"getPuntoServicioPorContadorReturn": values}


def _point(books: Ledger, account: Account) -> dict[str, Any]:
    cut = books.is_cut(account)
    return {
        "id": 600_000 + int(account.contract) % 100_000,
        "codigoExplotacion": account.zone,
        "descExplotacion": books.world.data.content.zones.get(account.zone, ""),
        "estadoPuntoServicio": "CONTRATADO",
        "snCortadoPorDeuda": "S" if cut == "debt" else "N",
        "snCortadoPeticionManual": "S" if cut == "other" else "N",
        "snCortadoPorVencimientoContrato": "N",
    }


OPERATIONS: dict[tuple[str, str], Operation] = {
    ("InterfazGenericaContratacionWS", "consultaDetalleContrato"): consulta_detalle_contrato,
    ("InterfazGenericaContratacionWS", "getPdfFactura"): get_pdf_factura,
    ("InterfazGenericaContratacionWS", "solicitudIntroduccionLectura"): solicitud_introduccion_lectura,
    ("InterfazGenericaContratacionWS", "solicitudActivacionFacturaOnline"): solicitud_activacion_factura_online,
    ("InterfazOficinaVirtualClientesWS", "getFacturas"): get_facturas,
    ("InterfazOficinaVirtualClientesWS", "getConsumos"): get_consumos,
    ("InterfazOficinaVirtualClientesWS", "getLecturas"): get_lecturas,
    ("InterfazOficinaVirtualClientesWS", "getTitularPorContrato"): get_titular_por_contrato,
    ("InterfazOficinaVirtualClientesWS", "getTarifaDeAguaPorContrato"): get_tarifa,
    ("InterfazOficinaVirtualClientesWS", "getActuaciones"): get_actuaciones,
    ("InterfazOficinaVirtualClientesWS", "getConceptoConTarifasDeFactura"): get_concepto,
    ("InterfazOficinaVirtualClientesWS", "cambiarEmailNotificacionPersona"): cambiar_email,
    ("InterfazOficinaVirtualClientesWS", "cambiarMovilNotificacionContrato"): cambiar_movil,
    ("InterfazGenericaGestionDeudaWS", "getDeuda"): get_deuda,
    ("InterfazGenericaGestionDeudaWS", "getDeudaContrato"): get_deuda_contrato,
    ("InterfazGenericaGestionDeudaWS", "getDeudaContratoBloqueoCobro"): get_deuda_bloqueo,
    ("InterfazGenericaGestionDeudaWS", "getDeudaTotalConFacturas"): get_deuda_facturas,
    ("InterfazGenericaGestionDeudaWS", "cobrarReferencia"): cobrar_referencia,
    ("InterfazGenericaGestionDeudaWS", "cobrarReferenciaFrmPago"): cobrar_referencia,
    ("InterfazGenericaGestionDeudaWS", "avisarPago"): avisar_pago,
    ("InterfazGenericaOrdenesServicioWS", "crearOrdenTrabajo"): crear_orden_trabajo,
    ("InterfazGenericaOrdenesServicioWS", "refreshData"): refresh_data,
    ("InterfazGenericaOrdenesServicioWS", "multipleRefreshData"): multiple_refresh_data,
    ("InterfazGenericaContadoresWS", "getPuntoServicioPorContador"): get_punto_servicio,
}
