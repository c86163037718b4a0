"""Requests that the gateway could not take when they were made, kept until it can, if the citizen wants that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Update, select, update

from services.clock import Clock
from services.payments.model import BillShare, Method
from services.payments.tables import KeptRequestRow
from services.storage import Database
from services.storage.base import new_id
from services.storage.upsert import insert

OFFERED, WAITING, DONE, OVER = "offered", "waiting", "done", "over"
LIFE = timedelta(hours=23)  # within the 24 hours in which WhatsApp lets us answer


@dataclass(frozen=True)
class Kept:
    """A reference that somebody still wants."""

    id: str
    contact_id: str
    contract: str
    method: Method
    amount_centavos: int
    bills: tuple[BillShare, ...]
    created_at: datetime


class KeptRequests:
    """One a contact at a time; the newest replaces the one before."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    async def offer(
        self, contact_id: str, contract: str, method: Method, amount_centavos: int, bills: Sequence[BillShare]
    ) -> None:
        """Note it, so that a tap on "yes" finds it."""
        values = {
            "id": new_id(),
            "contract": contract,
            "method": method.value,
            "amount_centavos": amount_centavos,
            "bills": [asdict(bill) for bill in bills],
            "state": OFFERED,
            "created_at": self._clock.now(),
        }
        async with self._db.begin() as session:
            made = insert(session, KeptRequestRow).values(contact_id=contact_id, **values)
            await session.execute(made.on_conflict_do_update(index_elements=["contact_id"], set_=values))

    async def keep(self, contact_id: str) -> Kept | None:
        """The citizen said yes; None if there is nothing to keep any more. A second yes changes nothing."""
        fresh = KeptRequestRow.created_at > self._clock.now() - LIFE
        mine = KeptRequestRow.contact_id == contact_id, KeptRequestRow.state.in_((OFFERED, WAITING)), fresh
        async with self._db.begin() as session:
            row = (await session.scalars(select(KeptRequestRow).where(*mine).with_for_update())).first()
            if row is None:
                return None
            row.state = WAITING
            return _kept(row)

    async def waiting(self, most: int = 20) -> list[Kept]:
        """What is to be tried, oldest first."""
        query = select(KeptRequestRow).where(KeptRequestRow.state == WAITING).order_by(KeptRequestRow.created_at)
        async with self._db.read() as session:
            return [_kept(row) for row in await session.scalars(query.limit(most))]

    def is_over(self, kept: Kept) -> bool:
        """Whether it has waited too long."""
        return self._clock.now() - kept.created_at >= LIFE

    @staticmethod
    def closing(kept: Kept, state: str) -> Update:
        """The statement that ends it, for the transaction that tells the citizen so."""
        mine = KeptRequestRow.id == kept.id, KeptRequestRow.state == WAITING
        return update(KeptRequestRow).where(*mine).values(state=state)


def _kept(row: KeptRequestRow) -> Kept:
    bills = tuple(BillShare(**bill) for bill in row.bills)
    return Kept(row.id, row.contact_id, row.contract, Method(row.method), row.amount_centavos, bills, row.created_at)
