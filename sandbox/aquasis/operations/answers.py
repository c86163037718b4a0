"""What the services' answers have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sandbox.aquasis.ledger import Ledger

Values = dict[str, Any]
Operation = Callable[[Ledger, Any], Values]

OK: Values = {"codigoError": 0, "descripcionError": "OK"}
NO_SUCH_CONTRACT: Values = {"codigoError": -501, "descripcionError": "El contrato no existe"}  # 3.8
OVERDUE, PENDING, PAID = 4, 2, 3  # 2.2, by client convention; anything but 4 and 2 is paid
GENERIC_TAX_ID = "XAXX010101000"  # 2.2, seen


def text_date(day: date | None) -> str | None:
    """dd/mm/yyyy, one of the forms the open question 6.4 leaves possible."""
    return day.strftime("%d/%m/%Y") if day else None
