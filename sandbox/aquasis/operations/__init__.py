"""The operations, by service. Each takes the books and the parsed question and gives the answer by wire name."""

from sandbox.aquasis.operations import contracts, debt, meters, office, orders
from sandbox.aquasis.operations.answers import Operation

OPERATIONS: dict[str, dict[str, Operation]] = {
    "InterfazGenericaContratacionWS": contracts.OPERATIONS,
    "InterfazOficinaVirtualClientesWS": office.OPERATIONS,
    "InterfazGenericaGestionDeudaWS": debt.OPERATIONS,
    "InterfazGenericaOrdenesServicioWS": orders.OPERATIONS,
    "InterfazGenericaContadoresWS": meters.OPERATIONS,
}

__all__ = ["OPERATIONS"]
