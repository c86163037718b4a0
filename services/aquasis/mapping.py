"""From Aquasis' answers (zeep objects) to our own types. Pure; each rule names its fact in aquasis.md."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.aquasis.errors import AquasisRefused, ContractNotFound
from services.aquasis.model import (
    Bill,
    BillState,
    Consumption,
    Contract,
    Debt,
    OrderStatus,
    Reading,
    ServicePoint,
    ServiceState,
)
from services.aquasis.wire import check, day, items, money, month, phone

OVERDUE, PENDING = 4, 2  # 2.2: by client convention; anything else is paid


def contract(number: str, answer: Any) -> Contract:
    """`consultaDetalleContrato`: a well-formed empty body means there is none (1.3)."""
    found = items(answer, "GenericoContratoDTO")
    detail = found[0].contrato if found else None
    if detail is None or not detail.explotacion:
        raise ContractNotFound
    point, person = found[0].puntoSuministro, found[0].datosPersonales
    phones = (phone(getattr(person, name, None)) for name in ("telefono1", "telefono2"))
    return Contract(
        number=number,
        zone=int(detail.explotacion),
        use=detail.descUso or "",
        meter=_meter(detail, point),
        holder=detail.titular or getattr(person, "titular", None) or "",
        tax_id=getattr(person, "cifNif", None),
        phones=tuple(dict.fromkeys(p for p in phones if p)),
        email=(getattr(person, "email", None) or "").strip().lower() or None,
        municipality=getattr(point, "provincia", None) or "",  # 2.1: provincia is the municipality here
        locality=getattr(point, "municipio", None) or "",
        street=getattr(point, "calle", None) or "",
        house_number=str(getattr(point, "numero", None) or ""),
        paperless=bool(getattr(person, "servicioFacturaOnline", False)),
    )


def _meter(detail: Any, point: Any) -> str | None:
    """The meter in service (estadoContador 1), else the one the contract names."""
    for meter in items(getattr(point, "listaDeContadores", None), "ContratoContadorDTO"):
        if meter.estadoContador == 1 and meter.numeroSerie:
            return str(meter.numeroSerie)
    return detail.numeroContador or None


def bill_state(code: Any, text: Any = None) -> BillState:
    """2.2, 2.3: 4 or "vencid…" overdue, 2 pending, else paid."""
    if code == OVERDUE or "vencid" in str(text or "").lower():
        return BillState.OVERDUE
    return BillState.PENDING if code == PENDING else BillState.PAID


def debt(total_answer: Any, bills_answer: Any, block_answer: Any) -> Debt:
    """Three answers of the debt service as one; `resultado` or `reultado` (1.1 rule 3)."""
    for answer in (total_answer, bills_answer, block_answer):
        check(getattr(answer, "resultado", None), getattr(answer, "reultado", None))
    owed = getattr(total_answer, "deudaContrato", None)
    detailed = getattr(bills_answer, "deudaTotalFacturas", None)
    blocked = getattr(block_answer, "deudaContratoBloqueoCobro", None)
    facturas = items(getattr(detailed, "facturas", None), "factura")
    return Debt(
        total=money(getattr(owed, "deuda", None)),
        bills=tuple(sorted((b for b in map(_owed_bill, facturas) if b), key=lambda b: b.month)),
        blocked=bool(getattr(blocked, "bloquearCobro", False)),
        notices=tuple(str(m.descripcionMensaje) for m in items(getattr(owed, "mensaje", None), "mensaje") if m),
        zone=getattr(owed, "explotacion", None),
    )


def _owed_bill(row: Any) -> Bill | None:
    due = day(row.fechaVencimiento)
    cycle = str(row.ciclo or "")
    year = re.search(r"(20\d{2})", cycle)
    period = re.sub(r"20\d{2}", "", cycle).strip(" /-")
    when = month(year.group(1) if year else None, period, due)
    if when is None:
        return None
    return Bill(
        number=str(row.numFactura),
        month=when,
        amount=money(row.importeTotal),
        state=bill_state(row.codigoEstado, row.estado),
        due=due,
        payment_reference=row.referenciaPago or None,
    )


def bills(answer: Any) -> tuple[Bill, ...]:
    """`getFacturas` of service 2, newest first."""
    found = (_bill(row) for row in items(answer, "Factura"))
    return tuple(sorted((b for b in found if b), key=lambda b: b.month, reverse=True))


def _bill(row: Any) -> Bill | None:
    issued, paid = day(row.fechaEmision), day(row.fechaCobro)
    when = month(getattr(row, "año", None), row.periodo, issued)
    if when is None:
        return None
    return Bill(
        number=str(row.numero),
        month=when,
        amount=money(row.importeTotal),
        state=bill_state(row.estado),
        issued=issued,
        paid_on=paid,
    )


def paged_bills(answer: Any) -> tuple[Bill, ...]:
    """`getFacturasContrato` of service 1, newest first; `importeEuros` is pesos (2.1)."""
    check(getattr(answer, "resultado", None))
    rows = items(getattr(answer, "facturas", None), "FacturaDTO")
    found = (_paged_bill(row) for row in rows)
    return tuple(sorted((b for b in found if b), key=lambda b: b.month, reverse=True))


def _paged_bill(row: Any) -> Bill | None:
    issued = day(row.fechaEmision)
    when = month(row.anyo, row.periodo, issued)
    if when is None or not row.numeroFactura:
        return None
    return Bill(
        number=str(row.numeroFactura),
        month=when,
        amount=money(row.importeEuros),
        state=bill_state(row.estado),
        issued=issued,
        due=day(row.fechaVencimiento),
        paid_on=day(row.fechaCobro),
    )


def consumption(answer: Any) -> tuple[Consumption, ...]:
    """`getConsumos` of service 2, oldest first; a month without a name is left out."""
    found: list[Consumption] = []
    for row in items(answer, "Consumo"):
        read_on = day(row.fechaLectura)
        when = month(getattr(row, "año", None), row.periodo, read_on)
        if when is not None and row.metrosCubicos is not None:
            found.append(Consumption(when, int(row.metrosCubicos), bool(row.estimado), read_on))
    return tuple(sorted(found, key=lambda c: c.month))


def readings(answer: Any) -> tuple[Reading, ...]:
    """`getLecturas`: `metrosCubicos` is the meter's register here (2.2)."""
    found: list[Reading] = []
    for row in items(answer, "Lectura"):
        read_on = day(row.fechaLectura)
        when = month(getattr(row, "año", None), row.periodo, read_on)
        if when is not None and row.metrosCubicos is not None:
            found.append(Reading(when, int(row.metrosCubicos), read_on, bool(row.estimado)))
    return tuple(sorted(found, key=lambda r: r.month))


def service_point(answer: Any) -> ServicePoint:
    """`getPuntoServicioPorContador`; nobody's meter has no point."""
    check(getattr(answer, "resultado", None))
    for meter in items(getattr(answer, "puntosServicioContadorDTO", None), "PuntosServicioContadorDTO"):
        for point in items(meter.puntoServicioDTO, "PuntoServicioDTO"):
            return ServicePoint(
                int(point.id), int(point.codigoExplotacion or 0), point.descExplotacion or "", _flow(point)
            )
    raise AquasisRefused("no service point for this meter")


def _flow(point: Any) -> ServiceState:
    if _says_yes(point.snCortadoPorDeuda):
        return ServiceState.CUT_FOR_DEBT
    if _says_yes(point.snCortadoPorVencimientoContrato) or _says_yes(point.snCortadoPeticionManual):
        return ServiceState.CUT_OTHER
    state = str(point.estadoPuntoServicio or "").upper()
    if state in ("CORTADO", "SUSPENDIDO"):
        return ServiceState.CUT_OTHER
    return ServiceState.ACTIVE if state in ("CONTRATADO", "ACTIVO") else ServiceState.UNKNOWN


def _says_yes(flag: Any) -> bool:
    """The flags are strings (W) named "sn", sí o no; which letters the real system sends is to be confirmed."""
    return str(flag or "").strip().upper() in ("S", "SI", "SÍ", "1", "TRUE")


STATE_WORDS = {  # comment text of an order → our word; unknown ones are left out rather than shown
    "RECIBID": "received",
    "PROGRAMAD": "scheduled",
    "ASIGNAD": "scheduled",
    "CAMINO": "on_the_way",
    "EJECUCION": "on_the_way",
    "TERMINAD": "done",
    "RESUELT": "done",
    "CERRAD": "done",
    "CANCELAD": "cancelled",
    "ANULAD": "cancelled",
}


def order_status(folio: str, answers: Iterable[Any]) -> OrderStatus:
    """`refreshData`: the order's comments are its timeline."""
    steps: list[tuple[datetime, str]] = []
    technician: str | None = None
    for answer in answers:
        for comment in items(getattr(answer, "otComments", None), "otComments"):
            text = str(comment.textComment or "").upper()
            word = next((w for key, w in STATE_WORDS.items() if key in text), None)
            moment = _moment(comment.dateTimeComment)
            if word and moment:
                steps.append((moment, word))
    steps.sort()
    return OrderStatus(folio, steps[-1][1] if steps else "received", tuple(steps), technician)


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None
