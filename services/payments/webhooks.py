"""Takes webhooks: verified, kept once, and never believed: the order is asked for again (payments.md 0, 10)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from services.clock import Clock
from services.payments.errors import OrderMissing, WebhookRejected
from services.payments.gateway import Gateway
from services.payments.keys import KeyRing
from services.payments.model import PaymentChange
from services.payments.settlement import Settlement
from services.payments.tables import PaymentEventRow
from services.storage import Database
from services.storage.upsert import insert_new


@dataclass(frozen=True)
class Event:
    """All that is taken from a webhook's body."""

    id: str
    type: str
    order_id: str | None


class Webhooks:
    """Accepting is quick and leaves a row; handling asks the gateway and may be tried again."""

    def __init__(self, db: Database, clock: Clock, gateway: Gateway, keys: KeyRing, settlement: Settlement) -> None:
        self._db, self._clock, self._gateway, self._keys = db, clock, gateway, keys
        self._settlement = settlement

    async def accept(self, raw: bytes, digest: str | None) -> str | None:
        """Keep the event; its id if it is still to be handled, None for a repeat that is done.

        Raises:
            WebhookRejected: not signed by the gateway, or no event.
            PaymentsUnavailable: the signature could not be checked.
        """
        await self._keys.check(raw, digest)
        event = parse(raw)
        try:
            async with self._db.begin() as session:
                known = await session.get(PaymentEventRow, event.id)
                if known is None:
                    now = self._clock.now()
                    session.add(PaymentEventRow(id=event.id, type=event.type, order_id=event.order_id, received_at=now))
        except IntegrityError:  # the same event arrived at another process in this very moment
            return None
        return None if known is not None and known.handled_at is not None else event.id

    async def note(self, order_id: str, status: str) -> None:
        """Somebody saw that an order has changed before its webhook came: have it looked at as if it had."""
        known = {"id": f"seen:{status}:{order_id}", "type": "order.seen", "order_id": order_id, "handled_at": None}
        async with self._db.begin() as session:
            await insert_new(session, PaymentEventRow, [{**known, "received_at": self._clock.now()}], ("id",))

    async def handle(self, event_id: str) -> PaymentChange | None:
        """Ask for the order and settle it. May run twice for one event: settling is repeatable.

        Raises:
            PaymentsUnavailable: the gateway does not answer; the event stays to be handled.
        """
        async with self._db.read() as session:
            event = await session.get_one(PaymentEventRow, event_id)
        if event.handled_at is not None:
            return None
        change = await self._settled(event) if event.type.startswith("order.") else None
        async with self._db.begin() as session:
            fresh = await session.get_one(PaymentEventRow, event_id)
            fresh.handled_at = self._clock.now()
        return change

    async def _settled(self, event: PaymentEventRow) -> PaymentChange | None:
        if event.order_id is None:
            return None
        try:
            order = await self._gateway.order(event.order_id)
        except OrderMissing:
            return None
        return await self._settlement.settle(order)

    async def waiting(self, limit: int) -> list[str]:
        """Events that were accepted and not handled, oldest first."""
        query = select(PaymentEventRow.id).where(PaymentEventRow.handled_at.is_(None))
        async with self._db.read() as session:
            return list(await session.scalars(query.order_by(PaymentEventRow.received_at).limit(limit)))


def parse(raw: bytes) -> Event:
    """Id, type and the order's id.

    Raises:
        WebhookRejected: it is no event.
    """
    try:
        body: dict[str, Any] = json.loads(raw)
        told = body["data"].get("object") or {}
        order_id = told.get("order_id") or told.get("id")
        return Event(_short(body["id"]), _short(body["type"]), _short(order_id) if order_id else None)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WebhookRejected("not an event") from error


def _short(value: Any) -> str:
    text = str(value)
    if not 0 < len(text) <= 60:
        raise ValueError("too long or empty")
    return text
