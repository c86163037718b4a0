"""Fiscal data, kept sealed with the words that were agreed to; the person may have it deleted at any time."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict

from cryptography.fernet import Fernet
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from services.cfdi.fiscal import FiscalData
from services.cfdi.tables import FiscalDataRow
from services.clock import Clock
from services.settings import Settings
from services.storage import Database
from services.storage.upsert import insert


def fiscal_key(settings: Settings) -> bytes:
    """The key that seals fiscal data, derived from the installation's secret."""
    secret = f"fiscal-data:{settings.code_pepper.get_secret_value()}"
    return base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest())


class FiscalDrawer:
    """One set of data a contact and contract."""

    def __init__(self, db: Database, clock: Clock, key: bytes) -> None:
        self._db, self._clock, self._box = db, clock, Fernet(key)

    def seal(self, data: FiscalData) -> bytes:
        """So that whoever reads the database reads nobody's name."""
        return self._box.encrypt(json.dumps(asdict(data)).encode())

    def open(self, sealed: bytes) -> FiscalData:
        """What was sealed."""
        return FiscalData(**json.loads(self._box.decrypt(sealed)))

    async def keep(self, contact_id: str, contract: str, data: FiscalData, consent_text: str) -> None:
        """With the words that were agreed to, and when; the newest replaces what was there."""
        async with self._db.begin() as session:
            await self.write(session, contact_id, contract, data, consent_text)

    async def write(
        self, session: AsyncSession, contact_id: str, contract: str, data: FiscalData, consent_text: str
    ) -> None:
        """The same in a transaction of the caller's."""
        values = {"sealed": self.seal(data), "consent_text": consent_text, "consented_at": self._clock.now()}
        made = insert(session, FiscalDataRow).values(contact_id=contact_id, contract=contract, **values)
        await session.execute(made.on_conflict_do_update(index_elements=["contact_id", "contract"], set_=values))

    async def get(self, contact_id: str, contract: str) -> FiscalData | None:
        """What the contact gave for this contract."""
        async with self._db.read() as session:
            row = await session.get(FiscalDataRow, (contact_id, contract))
        return self.open(row.sealed) if row else None

    async def forget(self, contact_id: str) -> bool:
        """Everything of a contact; whether there was anything. Stamped documents stay: the law wants them kept."""
        gone = delete(FiscalDataRow).where(FiscalDataRow.contact_id == contact_id).returning(FiscalDataRow.contract)
        async with self._db.begin() as session:
            return (await session.execute(gone)).first() is not None
