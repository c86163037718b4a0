"""The file of payments in the chat."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from actions.payment_history import _csv
from services.aquasis.model import Bill, BillState
from services.bootstrap import DATA
from services.clock import FixedClock
from services.knowledge.texts import Texts
from services.payments.model import Method, PaymentOrder, State

NOON = datetime(2026, 12, 7, 18, 0, tzinfo=UTC)


def test_amounts_are_exact_and_no_bill_number_is_a_formula() -> None:
    talk: Any = SimpleNamespace(services=SimpleNamespace(texts=Texts(DATA / "texts.yml"), clock=FixedClock(NOON)))
    order = PaymentOrder("a" * 32, "c1", "0048213", Method.CASH, 123_456_789, State.PAID, NOON, NOON, paid_at=NOON)
    bill = Bill("=HYPERLINK(1)", date(2026, 11, 1), Decimal("448.50"), BillState.PAID)
    made = _csv(talk, [order], [bill]).decode("utf-8-sig")
    _, here, elsewhere = csv.reader(io.StringIO(made, newline=""))
    assert here[:2] == ["2026-12-07", "1234567.89"]
    assert elsewhere[-1] == "'=HYPERLINK(1)"
