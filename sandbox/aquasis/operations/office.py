"""Service 2, InterfazOficinaVirtualClientesWS. It knows no errors: a wrong zone or contract answers empty (2.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sandbox.aquasis.bills import Bill
from sandbox.aquasis.ledger import Ledger
from sandbox.aquasis.operations.answers import (
    GENERIC_TAX_ID,
    OVERDUE,
    PAID,
    PENDING,
    Operation,
    Values,
    text_date,
)
from sandbox.data import Account
from sandbox.world import ZONE

MONTH = ("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC")
READ_ON_DAY = timedelta(days=27)
DONE, REFUSED = 0, -1  # bare return codes; only 0 is a guess worth making (1.3)


def state(books: Ledger, account: Account) -> Callable[[Bill], int]:
    """A function that says how a bill stands: overdue, pending or paid."""
    owed, today = {bill.number for bill, _ in books.unpaid(account)}, books.today()
    return lambda bill: PAID if bill.number not in owed else OVERDUE if bill.due < today else PENDING


def _in_zone(books: Ledger, asked: Any) -> Account | None:
    account = books.account(asked.contrato)
    return account if account and account.zone == asked.explotacion else None


def bills(books: Ledger, asked: Any) -> Values:
    """Whole history, newest first."""
    account = _in_zone(books, asked)
    if account is None:
        return {"getFacturasReturn": {"Factura": []}}
    how = state(books, account)
    rows = [_bill(books, account, bill, how(bill)) for bill in books.bills(account)]
    return {"getFacturasReturn": {"Factura": rows}}


def _bill(books: Ledger, account: Account, bill: Bill, stands: int) -> Values:
    settled = books.settled.get(bill.number)
    paid_on = bill.paid_on or (settled.astimezone(ZONE).date() if settled else None)
    concepts = [{"descripcionConcepto": name, "importe": pesos} for name, pesos in bill.lines]
    return {
        "conceptosCobrados": {"Concepto": concepts} if stands == PAID else None,
        "contrato": int(account.contract),
        "fechaCobro": text_date(paid_on),
        "importeTotal": bill.amount,
        "numero": bill.number,
        "tipoCobro": "VENTANILLA",
        "año": bill.month.year,
        "fechaEmision": text_date(bill.issued),
        "periodo": bill.month.month,
        "idDocumentoFactura": bill.number,
        "tipoDocumento": 1,
        "origenFactura": "CICLO",
        "estado": stands,
    }


def consumption(books: Ledger, asked: Any) -> Values:
    """m³ a month."""
    account = _in_zone(books, asked)
    months = books.usage(account) if account else []
    return {"getConsumosReturn": {"Consumo": [_month(u.month, u.water, u.estimated) for u in months]}}


def readings(books: Ledger, asked: Any) -> Values:
    """`metrosCubicos` is the register here; a reading handed in stands last, in its own month."""
    account = _in_zone(books, asked)
    months = books.usage(account) if account else []
    rows = [_month(u.month, u.register, u.estimated) for u in months]
    if account and (handed_in := books.changed(account).reading):
        day, register = handed_in
        rows.append(_month(day.replace(day=1), register, False, day))
    return {"getLecturasReturn": {"Lectura": rows}}


def _month(month: date, cubic: int, estimated: bool, read_on: date | None = None) -> Values:
    """`periodo` is text with angle brackets (1.1 rule 14)."""
    name = f"<{MONTH[month.month - 1]}>"
    return {
        "estimado": estimated,
        "año": month.year,
        "metrosCubicos": cubic,
        "periodicidad": "MENSUAL",
        "periodo": f"{name} - {name}",
        "fechaLectura": text_date(read_on or month + READ_ON_DAY),
    }


def holder(books: Ledger, asked: Any) -> Values:
    """Who is responsible for the account."""
    account = _in_zone(books, asked)
    if account is None:
        return {"getTitularPorContratoReturn": None}
    changed = books.changed(account)
    phone = changed.phone or next(iter(account.phones), None)
    email = changed.email or account.email
    person = {"nombre": account.holder, "EMail": email, "nif": GENERIC_TAX_ID, "telefono": phone}
    return {"getTitularPorContratoReturn": person}


def tariff(books: Ledger, asked: Any) -> Values:
    """Rules and correctors, never price tiers (2.2)."""
    account = _in_zone(books, asked)
    if account is None:
        return {"getTarifaDeAguaPorContratoReturn": None}
    code = {"id1Short": account.zone, "id2Short": 1, "id3Short": 1400 + len(account.use)}
    rules = {"Subconcepto": [{"descripcion": "Servicio de agua potable"}]}
    return {"getTarifaDeAguaPorContratoReturn": {"codigo": code, "descripcion": account.use, "subconceptos": rules}}


def work_done(books: Ledger, asked: Any) -> Values:
    """The orders that were made for this contract."""
    account = _in_zone(books, asked)
    orders = [o for o in books.orders.values() if account and o.contract == int(account.contract)]
    rows = [
        {
            "fechaActuacion": text_date(order.created.astimezone(ZONE).date()),
            "motivoActuacion": order.notes or None,
            "tipoActuacion": f"{order.kind}",
        }
        for order in orders
    ]
    return {"getActuacionesReturn": {"Actuacion": rows}}


def line_items(books: Ledger, asked: Any) -> Values:
    """A bill's concepts."""
    account = _in_zone(books, asked)
    bill = next((b for b in books.bills(account) if b.number == asked.numFactura), None) if account else None
    items = bill.lines if bill else ()
    rows = [{"concepto": {"descripcionConcepto": name, "importe": pesos}} for name, pesos in items]
    return {"getConceptoConTarifasDeFacturaReturn": {"ConceptoConTarifasFacturadas": rows}}


def new_email(books: Ledger, asked: Any) -> Values:
    """By contract alone: no zone is asked for."""
    account, new = books.account(asked.contrato), asked.emailNuevo or ""
    if account is None or "@" not in new:
        return {"cambiarEmailNotificacionPersonaReturn": REFUSED}
    books.changed(account).email = new
    return {"cambiarEmailNotificacionPersonaReturn": DONE}


def new_mobile(books: Ledger, asked: Any) -> Values:
    """Ten digits."""
    account, new = books.account(asked.contrato), str(asked.movil or "")
    if account is None or len(new) != 10:
        return {"cambiarMovilNotificacionContratoReturn": REFUSED}
    books.changed(account).phone = new
    return {"cambiarMovilNotificacionContratoReturn": DONE}


OPERATIONS: dict[str, Operation] = {
    "getFacturas": bills,
    "getConsumos": consumption,
    "getLecturas": readings,
    "getTitularPorContrato": holder,
    "getTarifaDeAguaPorContrato": tariff,
    "getActuaciones": work_done,
    "getConceptoConTarifasDeFactura": line_items,
    "cambiarEmailNotificacionPersona": new_email,
    "cambiarMovilNotificacionContrato": new_mobile,
}
