"""Evidence in the database: gained, looked up, lapsed."""

from __future__ import annotations

from sqlalchemy import delete, select

from services.clock import Clock
from services.identity.policy import Level, Policy
from services.identity.tables import EvidenceRow
from services.storage import Database


class Evidence:
    """What a contact has proved for a contract."""

    def __init__(self, db: Database, clock: Clock, policy: Policy) -> None:
        self._db, self._clock, self._policy = db, clock, policy

    async def level(self, contact: str, contract: str) -> Level:
        """The highest level that still holds; nothing counts for a contract that was never looked up."""
        query = select(EvidenceRow.level).where(
            EvidenceRow.contact_id == contact,
            EvidenceRow.contract == contract,
            EvidenceRow.expires_at > self._clock.now(),
        )
        async with self._db.read() as session:
            held = {Level.named(word) for word in (await session.scalars(query)).all()}
        if Level.CONTRACT not in held:
            return Level.ANONYMOUS
        return max(held)

    async def gain(self, contact: str, contract: str, level: Level, method: str) -> None:
        """Record a proof; an older one of the same level is replaced."""
        now = self._clock.now()
        async with self._db.begin() as session:
            await session.execute(
                delete(EvidenceRow).where(
                    EvidenceRow.contact_id == contact,
                    EvidenceRow.contract == contract,
                    EvidenceRow.level == level.word,
                )
            )
            session.add(
                EvidenceRow(
                    contact_id=contact,
                    contract=contract,
                    level=level.word,
                    method=method,
                    obtained_at=now,
                    expires_at=now + self._policy.lasts(level),
                )
            )

    async def drop(self, contact: str, contract: str | None = None) -> None:
        """Forget what was proved, e.g. after the registered contact was changed."""
        where = [EvidenceRow.contact_id == contact]
        if contract:
            where.append(EvidenceRow.contract == contract)
        async with self._db.begin() as session:
            await session.execute(delete(EvidenceRow).where(*where))
