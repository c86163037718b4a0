"""What is asked of Aquasis, from our own types to the wire's. Pure."""

from __future__ import annotations

import re
from typing import Any

from services.aquasis.errors import ContractNotFound
from services.aquasis.model import WorkOrder


def wire_number(number: str) -> int:
    """Contract numbers travel as int, without their leading zeros."""
    if not re.fullmatch(r"\d{1,10}", number) or int(number) > 2**31 - 1:
        raise ContractNotFound
    return int(number)


def work_order(order: WorkOrder) -> dict[str, Any]:
    """`ordenTrabajo` of `crearOrdenTrabajo` (2.4)."""
    place = None
    if order.latitude is not None:
        place = {"longitude": str(order.longitude), "latitude": str(order.latitude), "coordinatesType": 1}
    return {
        "tipoOrden": order.order_type,
        "motivoOrden": order.order_reason,
        "fechaCreacionOrden": order.created,
        "numContrato": wire_number(order.contract),
        "idPtoServicio": order.service_point,
        "fechaEstimdaFin": order.created,
        "observaciones": order.notes,
        "codigoReparacion": "01",
        "anyoExpediente": order.created.year,
        "instalaValvulaPaso": False,
        "geolocalization": place,
    }
