"""Notes, in a payment's own transaction, that its receipt is due. Every process that settles payments has this."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.payments.model import Kind, PaymentChange
from services.receipts.tables import ReceiptRow
from services.storage.upsert import insert_new


class ReceiptsDue:
    """Listens to the payments. Who finds out that one arrived need not be who delivers the receipt."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def on_change(self, session: AsyncSession, change: PaymentChange) -> None:
        """Once a payment, whoever settles it."""
        if change.kind is not Kind.PAID:
            return
        now = self._clock.now()
        due = {"payment_id": change.payment.id, "chat": "due", "email": "due", "attempts": 0}
        await insert_new(session, ReceiptRow, [{**due, "not_before": now, "created_at": now}], ("payment_id",))
