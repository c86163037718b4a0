"""Service 1, InterfazGenericaContratacionWS: contracts, bill PDFs, own readings, paperless bills."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sandbox.aquasis.bill_pdf import bill_pdf
from sandbox.aquasis.bills import Bill
from sandbox.aquasis.ledger import Ledger
from sandbox.aquasis.operations.answers import GENERIC_TAX_ID, NO_SUCH_CONTRACT, OK, Operation, Values
from sandbox.aquasis.operations.office import state
from sandbox.aquasis.usage import meter
from sandbox.data import Account
from sandbox.world import ZONE

NOT_A_PDF = b"<html>mantenimiento</html>"


def details(books: Ledger, asked: Any) -> Values:
    """An unknown contract is a well-formed empty body (1.3)."""
    found = [_detail(books, a) for n in asked.numeroContrato or [] if (a := books.account(n))]
    return {"consultaDetalleContratoReturn": {"GenericoContratoDTO": found}}


def _detail(books: Ledger, account: Account) -> Values:
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
        "puntoSuministro": {  # 2.1: provincia holds the municipality, municipio the locality
            "provincia": account.municipality,
            "municipio": account.locality,
            "calle": account.street,
            "numero": account.number,
            "listaDeContadores": {"ContratoContadorDTO": [{"numeroSerie": meter(account), "estadoContador": 1}]},
        },
        "datosPersonales": _person(books, account),
        "resultado": OK,
    }


def _person(books: Ledger, account: Account) -> Values:
    changed = books.changed(account)
    phones = [changed.phone] if changed.phone else list(account.phones)
    return {
        "titular": account.holder,
        "cifNif": GENERIC_TAX_ID,
        "telefono1": phones[0] if phones else None,
        "telefono2": phones[1] if len(phones) > 1 else None,
        "email": changed.email or account.email,
        "servicioFacturaOnline": account.paperless if changed.paperless is None else changed.paperless,
        "idioma": "es",
    }


def bills_by_page(books: Ledger, asked: Any) -> Values:
    """Newest first; `registroInicial` counts from 1 (I), no `registroTotal` means all; dates as dd/mm/yyyy or ISO."""
    account = books.account(asked.numeroContrato)
    if account is None:
        return {"getFacturasContratoReturn": {"resultado": NO_SUCH_CONTRACT}}
    since, until = _day(asked.fechaInicio) or date.min, _day(asked.fechaFin) or date.max
    found = [b for b in books.bills(account) if since <= b.issued <= until]
    start = max((asked.registroInicial or 1) - 1, 0)
    page = found[start : start + (asked.registroTotal or len(found))]
    rows = [_bill(books, account, bill) for bill in page]
    return {"getFacturasContratoReturn": {"resultado": OK, "facturas": {"FacturaDTO": rows}}}


def _bill(books: Ledger, account: Account, bill: Bill) -> Values:
    return {
        "numeroContrato": int(account.contract),
        "numeroFactura": bill.number,
        "fechaEmision": datetime.combine(bill.issued, time(), ZONE),
        "importeEuros": bill.amount,  # pesos all the same (2.1, I)
        "periodo": f"{bill.month.month}",
        "estado": state(books, account)(bill),
        "impuestos": dict(bill.lines)["IVA"],
        "fechaVencimiento": datetime.combine(bill.due, time(), ZONE),
        "anyo": bill.month.year,
        "tipoFactura": 1,
        "docArchivado": True,
        "incluidaPlanPago": False,
    }


def _day(text: str | None) -> date | None:
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text or "", form).replace(tzinfo=ZONE).date()
        except ValueError:
            continue
    return None


def pdf(books: Ledger, asked: Any) -> Values:
    """`pdf` is not nillable: an error carries an empty one."""
    account = books.account(asked.numContrato)
    bill = next((b for b in books.bills(account) if b.number == asked.numFactura), None) if account else None
    if account is None or bill is None:
        none = {"codigoError": -1, "descripcionError": "La factura no existe"}
        return {"getPdfFacturaReturn": {"resultado": none, "pdf": b""}}
    drawn = NOT_A_PDF if account.broken_pdf else bill_pdf(account, bill, books.usage(account))
    return {"getPdfFacturaReturn": {"resultado": OK, "pdf": drawn}}


def own_reading(books: Ledger, asked: Any) -> Values:
    """A reading below the last one is refused (I); an accepted one shows in getLecturas."""
    account = books.account(asked.numeroContrato)
    if account is None:
        return {"solicitudIntroduccionLecturaReturn": NO_SUCH_CONTRACT}
    handed_in = books.changed(account).reading
    last = max(books.usage(account)[-1].register, handed_in[1] if handed_in else 0)
    if asked.lecturaContador1 is None or asked.lecturaContador1 < last:
        refused = {"codigoError": -20, "descripcionError": "Lectura menor que la anterior"}
        return {"solicitudIntroduccionLecturaReturn": refused}
    books.changed(account).reading = (books.today(), asked.lecturaContador1)
    return {"solicitudIntroduccionLecturaReturn": OK}


def paperless(books: Ledger, asked: Any) -> Values:
    """On or off, for all of the contracts or none."""
    numbers = getattr(asked.numeroContrato, "int", None) or asked.numeroContrato or []
    accounts = [account for n in numbers if (account := books.account(n))]
    if not accounts or len(accounts) < len(numbers):
        return {"solicitudActivacionFacturaOnlineReturn": NO_SUCH_CONTRACT}
    for account in accounts:
        books.changed(account).paperless = bool(asked.facturaOnline)
    return {"solicitudActivacionFacturaOnlineReturn": OK}


OPERATIONS: dict[str, Operation] = {
    "consultaDetalleContrato": details,
    "getFacturasContrato": bills_by_page,
    "getPdfFactura": pdf,
    "solicitudIntroduccionLectura": own_reading,
    "solicitudActivacionFacturaOnline": paperless,
}
