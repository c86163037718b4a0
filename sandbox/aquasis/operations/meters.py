"""Service 5, InterfazGenericaContadoresWS: from a meter to its service point."""

from __future__ import annotations

from typing import Any

from sandbox.aquasis.ledger import Ledger
from sandbox.aquasis.operations.answers import OK, Operation, Values
from sandbox.aquasis.operations.debt import address
from sandbox.data import Account

KNOWN, UNKNOWN = "200", "404"  # codigoResultado; only 200 was seen (1.3)


def service_points(books: Ledger, asked: Any) -> Values:
    """One entry a meter."""
    rows = [_meter(books, serial) for serial in asked.listaNumSerieContador or []]
    values = {"puntosServicioContadorDTO": {"PuntosServicioContadorDTO": rows}, "resultado": OK}
    return {"getPuntoServicioPorContadorReturn": values}


def _meter(books: Ledger, serial: str) -> Values:
    account = books.by_meter(serial)
    return {
        "numSerieContador": serial,
        "puntoServicioDTO": {"PuntoServicioDTO": [_point(books, account)] if account else []},
        "codigoResultado": KNOWN if account else UNKNOWN,
    }


def _point(books: Ledger, account: Account) -> Values:
    """The state stays CONTRATADO when water is cut off; the flags tell (3.8)."""
    cut = books.is_cut(account)
    return {
        "id": 600_000 + int(account.contract) % 100_000,
        "direccionPS": {"dirTexto": address(account)},
        "codigoExplotacion": account.zone,
        "descExplotacion": books.world.data.content.zones.get(account.zone, ""),
        "estadoPuntoServicio": "CONTRATADO",
        "snCortadoPorDeuda": "S" if cut == "debt" else "N",
        "snCortadoPorVencimientoContrato": "N",
        "snCortadoPeticionManual": "S" if cut == "other" else "N",
    }


OPERATIONS: dict[str, Operation] = {"getPuntoServicioPorContador": service_points}
