"""Service 4, InterfazGenericaOrdenesServicioWS: work orders, which move on as the sandbox's time passes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sandbox.aquasis.ledger import Ledger, Order
from sandbox.aquasis.operations.answers import Operation, Values
from sandbox.aquasis.wire import SoapFault
from sandbox.world import ZONE

PROGRESS = (  # hours after which an order moves on, and what its comment says (the words are invented)
    (0, "RECIBIDA"),
    (2, "ASIGNADA A CUADRILLA"),
    (6, "CUADRILLA EN CAMINO"),
    (30, "TERMINADA"),
)
ORDER_CLASS = 1  # 2.4: otClassID
NO_ZONE = "Parametro explotacion no informado"  # 1.3, seen
NO_SUCH_ORDER = "La orden no existe"


def create(books: Ledger, asked: Any) -> Values:
    """Without a service point the real one breaks (1.3, S)."""
    order = asked.ordenTrabajo
    if order is None or not order.idPtoServicio:
        raise SoapFault("soap:Server", "java.lang.NullPointerException")
    code = books.new_order(order.numContrato or 0, order.tipoOrden or 0, order.observaciones or "")
    return {"return": code}


def status(books: Ledger, asked: Any) -> Values:
    """One order; an unknown one is a fault."""
    found = _find(books, asked.otRequest)
    if found is None:
        raise SoapFault("soap:Server", NO_SUCH_ORDER)
    return {"return": _order(books, found, asked.otRequest.operationalSiteID)}


def many(books: Ledger, asked: Any) -> Values:
    """In bulk; an unknown order is an error of its own."""
    return {"return": [_mass(books, request) for request in asked.otRequest or []]}


def _mass(books: Ledger, request: Any) -> Values:
    found = _find(books, request)
    if found is not None:
        return {"ot": _order(books, found, request.operationalSiteID)}
    error = {"codigoError": "-1", "descripcionError": NO_SUCH_ORDER, "identificador": request.otOriginID}
    return {"error": error}


def _find(books: Ledger, request: Any) -> Order | None:
    """The zone is needed, padded to four (2.4, S), and must be the contract's own."""
    site = request.operationalSiteID if request else None
    if not site or len(site) != 4 or not site.isdigit():
        raise SoapFault("soap:Server", NO_ZONE)
    order = books.orders.get(request.otOriginID or "")
    account = books.account(order.contract) if order else None
    if order is None or request.otClassID != ORDER_CLASS or (account and account.zone != int(site)):
        return None
    return order


def _order(books: Ledger, order: Order, site: str) -> Values:
    age = (books.world.clock.now() - order.created) / timedelta(hours=1)
    reached = [(hours, text) for hours, text in PROGRESS if age >= hours]
    return {
        "otData": {
            "operationalSiteID": site,
            "otClassID": ORDER_CLASS,
            "otOriginID": order.code,
            "createDate": order.created,
            "requestDate": order.created,
            "otTypeID": f"{order.kind}",
            "customerContract": f"{order.contract}",
        },
        "otComments": [
            {
                "dateTimeComment": (order.created + timedelta(hours=hours)).astimezone(ZONE).isoformat(),
                "textComment": text,
                "idComment": f"{i}",
                "creationUser": "OCCAM",
            }
            for i, (hours, text) in enumerate(reached, 1)
        ],
    }


OPERATIONS: dict[str, Operation] = {
    "crearOrdenTrabajo": create,
    "refreshData": status,
    "multipleRefreshData": many,
}
