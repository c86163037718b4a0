"""Open orders against the gateway, and what is paid against what is posted; for webhooks get lost.

Two nets. The gateway is asked once a minute what it touched since the last time: one call finds every payment
whose webhook never came, for any number of open references. That rests on its `updated_at`, so each open
reference is also looked at by itself every few minutes, the longest waiting first.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select

from services.clock import Clock
from services.errors import ServiceError
from services.metrics import PAYMENT_REVIEWS_OPEN, PAYMENTS_OPEN, PAYMENTS_UNRECONCILED
from services.payments.gateway import Gateway, GatewayOrder, OrderStatus
from services.payments.model import LIVE, State
from services.payments.references import References
from services.payments.settlement import Settlement
from services.payments.tables import PaymentMarkRow, PaymentRow, PostingRow, ReviewRow
from services.rounds import attempt, each
from services.storage import Database
from services.storage.base import UtcDateTime
from services.storage.upsert import insert

LOOK_EVERY = timedelta(minutes=3)
FIRST_LOOK_BACK = timedelta(days=30)
LISTED = "listed"
ABANDONED_AFTER = timedelta(minutes=2)  # beyond the maker's own lease
SEEN = func.coalesce(PaymentRow.checked_at, PaymentRow.created_at, type_=UtcDateTime())
BATCH, AT_ONCE, KNOWN_AT_ONCE = 100, 8, 200
BATCHES = 20  # at 50 answers a second what fits between two runs


class Reconciliation:
    """Runs once a minute in every worker; doing the same thing twice changes nothing."""

    def __init__(
        self, db: Database, clock: Clock, gateway: Gateway, settlement: Settlement, references: References
    ) -> None:
        self._db, self._clock, self._gateway = db, clock, gateway
        self._settlement, self._references = settlement, references
        self._few = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Never raises for a gateway that does not answer: the next run looks again."""
        with suppress(ServiceError):
            await self._changed()
        now = self._clock.now()
        await self._look(PaymentRow.expires_at <= now)
        await self._look(now - LOOK_EVERY >= SEEN)
        await self._make_out(now)

    async def _changed(self) -> None:
        """What the gateway touched since the last time, as far as it is ours and no longer open."""
        started = self._clock.now()
        async with self._db.read() as session:
            mark = await session.get(PaymentMarkRow, LISTED)
        touched = await self._gateway.changed(mark.at if mark else started - FIRST_LOOK_BACK)
        closed = [order for order in touched if order.status not in (OrderStatus.OPEN, OrderStatus.DECLINED)]
        if not await each("reconciliation", await self._ours(closed), self._settlement.settle):
            return  # they are listed again
        async with self._db.begin() as session:
            made = insert(session, PaymentMarkRow).values(name=LISTED, at=started)
            await session.execute(made.on_conflict_do_update(index_elements=["name"], set_={"at": started}))

    async def _ours(self, orders: list[GatewayOrder]) -> list[GatewayOrder]:
        """Those of a payment of ours that may still learn something from them."""
        found: list[GatewayOrder] = []
        for start in range(0, len(orders), KNOWN_AT_ONCE):
            some = orders[start : start + KNOWN_AT_ONCE]
            ids = [order.our_id for order in some if order.our_id]
            mine = or_(PaymentRow.order_id.in_([order.id for order in some]), PaymentRow.id.in_(ids))
            async with self._db.read() as session:
                rows = list(await session.scalars(select(PaymentRow).where(mine)))
            known = {key: row for row in rows for key in (row.id, row.order_id)}
            for order in some:
                row = known.get(order.id) or known.get(order.our_id)
                if row is not None and _is_news(row, order):
                    found.append(order)
        return found

    async def _look(self, which: ColumnElement[bool]) -> None:
        """A batch at a time, each row once: one that gets no answer does not keep the others waiting."""
        query = select(PaymentRow).where(PaymentRow.state == State.PENDING.value, which).order_by(SEEN)
        tried: list[str] = []
        for _ in range(BATCHES):
            rows = await self._rows(query.where(PaymentRow.id.not_in(tried)))
            await asyncio.gather(*(self._look_at(row) for row in rows))
            tried += [row.id for row in rows]
            if len(rows) < BATCH:
                return

    async def _look_at(self, row: PaymentRow) -> None:
        async with self._few:
            await attempt("reconciliation", self._references.look_again, row)

    async def _make_out(self, now: datetime) -> None:
        """Rows whose maker died in the middle."""
        left = PaymentRow.state == State.CREATING.value, PaymentRow.busy_until <= now - ABANDONED_AFTER
        rows = await self._rows(select(PaymentRow).where(*left).order_by(PaymentRow.created_at))
        await each("reconciliation", rows, self._references.make_out)

    async def measure(self) -> timedelta:
        """How long the oldest unreconciled thing has waited; also into the metrics."""
        now = self._clock.now()
        pending = PaymentRow.state == State.PENDING.value
        seen = func.min(SEEN, type_=UtcDateTime())
        due = PostingRow.status.in_(("due", "posting"))
        unpaid = select(func.min(PaymentRow.paid_at)).join(PostingRow, PostingRow.payment_id == PaymentRow.id)
        opened = select(func.count()).select_from(ReviewRow).where(ReviewRow.closed_at.is_(None))
        async with self._db.read() as session:
            count, checked = (await session.execute(select(func.count(), seen).where(pending))).one()
            paid = await session.scalar(unpaid.where(due))
            PAYMENT_REVIEWS_OPEN.set(await session.scalar(opened) or 0)
        waits = [now - moment for moment in (checked, paid) if moment is not None]
        oldest = max(waits, default=timedelta())
        PAYMENTS_OPEN.set(count)
        PAYMENTS_UNRECONCILED.set(oldest.total_seconds())
        return oldest

    async def _rows(self, query: Select[PaymentRow]) -> list[PaymentRow]:
        async with self._db.read() as session:
            return list(await session.scalars(query.limit(BATCH)))


def _is_news(row: PaymentRow, order: GatewayOrder) -> bool:
    """Money we do not know of, money taken back, or the end of what we take for open."""
    if order.status is OrderStatus.PAID:
        return row.received.get(order.id) != order.paid_centavos or row.state in LIVE
    return order.status is OrderStatus.REFUNDED or row.state in LIVE
