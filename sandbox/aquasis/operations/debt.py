"""Service 3, InterfazGenericaGestionDeudaWS: what is owed, and payments.

Whether the real one minds a wrong zone is unknown (3.8); the worse case is played: a zone that is given and
wrong owes nothing. Without a zone the contract is found.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.aquasis.bills import Bill
from sandbox.aquasis.ledger import BOOKED, Ledger, whole_debt_reference
from sandbox.aquasis.operations.answers import NO_SUCH_CONTRACT, OK, OVERDUE, Operation, Values, text_date
from sandbox.aquasis.operations.office import state
from sandbox.data import Account

BOOKING = ("OK", "Referencia inexistente", "Referencia ya cobrada", "Importe no coincide")
UNKNOWN: Values = {"return": {"resultado": NO_SUCH_CONTRACT, "reultado": NO_SUCH_CONTRACT}}  # 1.1 rules 2 and 3


def _debtor(books: Ledger, asked: Any) -> Account | None:
    return books.account(asked.valor) if asked.tipoIdentificador == "CONTRATO" else None


def _elsewhere(account: Account, asked: Any) -> bool:
    return asked.explotacion is not None and asked.explotacion != account.zone


def _answer(part: str, values: Values) -> Values:
    return {"return": {"resultado": OK, part: values, "reultado": OK}}


def debt(books: Ledger, asked: Any) -> Values:
    """With balances and the reference that pays it all."""
    account = _debtor(books, asked)
    if account is None:
        return UNKNOWN
    if _elsewhere(account, asked):
        return _answer("deuda", {"deuda": Decimal(), "deudaTotal": Decimal()})
    owed, cycles = books.debt(account), len(books.unpaid(account))
    values = {
        "ciclosAnteriores": max(0, cycles - 1),
        "ciclosTotales": cycles,
        "deuda": owed,
        "deudaComision": Decimal(),
        "deudaTotal": owed,
        "direccion": address(account),
        "documentoPago": whole_debt_reference(account),
        "explotacion": account.zone,
        "nombreCliente": account.holder,
        "saldoAnterior": Decimal(),
        "saldoAnteriorComision": Decimal(),
        "saldoAnteriorTotal": Decimal(),
    }
    return _answer("deuda", values)


def address(account: Account) -> str:
    """Street, number and locality in one line."""
    return f"{account.street} {account.number}, {account.locality}"


def total(books: Ledger, asked: Any) -> Values:
    """The amount, negative where there is money in favour."""
    account = _debtor(books, asked)
    if account is None:
        return UNKNOWN
    if _elsewhere(account, asked):
        return _answer("deudaContrato", {"deuda": Decimal()})
    values = {
        "deuda": books.debt(account),
        "direccion": address(account),
        "explotacion": account.zone,
        "nombreCliente": account.holder,
    }
    return _answer("deudaContrato", values)


def block(books: Ledger, asked: Any) -> Values:
    """Whether anything may be charged now."""
    account = _debtor(books, asked)
    if account is None:
        return UNKNOWN
    part = "deudaContratoBloqueoCobro"
    if _elsewhere(account, asked):
        return _answer(part, {"bloquearCobro": False, "deuda": Decimal()})
    values = {"bloquearCobro": account.blocked, "deuda": books.debt(account), "explotacion": account.zone}
    return _answer(part, values)


def bill_by_bill(books: Ledger, asked: Any) -> Values:
    """Only `resultado` here (1.1 rule 3); a bill paid in part shows what is left of it."""
    account = books.account(asked.contrato)
    if account is None:
        return {"return": {"resultado": NO_SUCH_CONTRACT}}
    elsewhere, how = _elsewhere(account, asked), state(books, account)
    rows = [] if elsewhere else [_row(bill, rest, how(bill)) for bill, rest in books.unpaid(account)]
    values = {
        "cantidadFacturas": len(rows),
        "contrato": int(account.contract),
        "deudaTotal": Decimal() if elsewhere else books.debt(account),
        "explotacion": asked.explotacion or account.zone,
        "facturas": {"factura": rows},
        "nombreCliente": None if elsewhere else account.holder,
    }
    return {"return": {"resultado": OK, "deudaTotalFacturas": values}}


def _row(bill: Bill, rest: Decimal, stands: int) -> Values:
    return {
        "ciclo": f"{bill.month:%Y/%m}",
        "codigoEstado": stands,
        "codigoTipoFactura": 1,
        "estado": "VENCIDA" if stands == OVERDUE else "PENDIENTE",
        "fechaVencimiento": text_date(bill.due),
        "importeTotal": rest,
        "numFactura": bill.number,
        "referenciaPago": bill.reference,
        "tipoFactura": "CICLO",
    }


def collect(books: Ledger, asked: Any) -> Values:
    """Moves money. A reference that was paid is refused, not booked again; the codes but 0 are invented."""
    code = books.pay(asked.referencia.strip(), asked.importe)
    if code == BOOKED:
        books.world.feed.publish({"type": "aquasis", "event": "payment", "reference": asked.referencia})
    return {"return": {"codigoError": -code, "descripcionError": BOOKING[code]}}


def notice(books: Ledger, asked: Any) -> Values:
    """A notice, no booking."""
    return {"return": OK}


OPERATIONS: dict[str, Operation] = {
    "getDeuda": debt,
    "getDeudaContrato": total,
    "getDeudaContratoBloqueoCobro": block,
    "getDeudaTotalConFacturas": bill_by_bill,
    "cobrarReferencia": collect,
    "cobrarReferenciaFrmPago": collect,
    "avisarPago": notice,
}
