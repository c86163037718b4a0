"""One-time codes: made, sent to a contact that Aquasis has on file, checked, locked."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from services.clock import Clock
from services.digits_said import digits_said
from services.identity.errors import StepLocked, TooManyCodes
from services.identity.policy import CodeLimits
from services.identity.tables import CodeRow
from services.storage import Database

DIGITS = 6


def looks_like_code(typed: str) -> bool:
    """Whether it can be a code at all; spaces and dashes between its figures are fine."""
    figures = [c for c in typed if not c.isspace() and c != "-"]
    return len(figures) == DIGITS and all(c in "0123456789" for c in figures)


@dataclass(frozen=True)
class CodeCheck:
    """The outcome of one try. `locked_until` is set when this try was the last."""

    ok: bool
    expired: bool = False
    tries_left: int = 0
    locked_until: datetime | None = None


class Codes:
    """The life of a code."""

    def __init__(self, db: Database, clock: Clock, limits: CodeLimits, pepper: str) -> None:
        self._db, self._clock, self._limits, self._pepper = db, clock, limits, pepper.encode()

    def _digest(self, contact: str, contract: str, code: str) -> str:
        return hmac.new(self._pepper, f"{contact}:{contract}:{code}".encode(), hashlib.sha256).hexdigest()

    async def locked_until(self, contact: str, contract: str) -> datetime | None:
        """Until when this step is closed for this contact and contract, if it is."""
        query = select(func.max(CodeRow.expires_at)).where(
            CodeRow.contact_id == contact, CodeRow.contract == contract, CodeRow.status == "locked"
        )
        async with self._db.read() as session:
            until = await session.scalar(query)
        return until if until and until > self._clock.now() else None

    async def guard(self, contact: str, contract: str) -> None:
        """Refuse while locked, or when codes were asked for too often.

        Raises:
            StepLocked: with `until`.
            TooManyCodes: an hour's worth is spent, by this contact or for this contract.
        """
        if until := await self.locked_until(contact, contract):
            raise StepLocked(until=until)
        since = self._clock.now() - timedelta(hours=1)
        for column, value in ((CodeRow.contact_id, contact), (CodeRow.contract, contract)):
            query = select(func.count()).select_from(CodeRow).where(column == value, CodeRow.created_at > since)
            async with self._db.read() as session:
                if (await session.scalar(query) or 0) >= self._limits.sends_per_hour:
                    raise TooManyCodes

    async def live(self, contact: str, contract: str) -> CodeRow | None:
        """A code that can still be typed."""
        query = select(CodeRow).where(
            CodeRow.contact_id == contact,
            CodeRow.contract == contract,
            CodeRow.status == "live",
            CodeRow.expires_at > self._clock.now(),
        )
        async with self._db.read() as session:
            return (await session.scalars(query)).first()

    async def typed(self, contact: str, text: str) -> list[str]:
        """The codes in a text that this contact was sent and that still open something, as figures alone.

        However they are written: "uno dos tres…" opens as much as "123…".
        """
        found = {said.figures for said in digits_said(text, DIGITS)}
        if not found:
            return []
        alive = CodeRow.status == "live", CodeRow.expires_at > self._clock.now()
        async with self._db.read() as session:
            rows = list(await session.scalars(select(CodeRow).where(CodeRow.contact_id == contact, *alive)))
        return sorted(n for n in found if any(self._digest(contact, r.contract, n) == r.digest for r in rows))

    async def make(self, contact: str, contract: str, channel: str, masked: str) -> str:
        """A new code; an earlier one stops working. It is returned once and kept only as a hash."""
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        now = self._clock.now()
        async with self._db.begin() as session:
            await session.execute(
                update(CodeRow)
                .where(CodeRow.contact_id == contact, CodeRow.contract == contract, CodeRow.status == "live")
                .values(status="replaced")
            )
            session.add(
                CodeRow(
                    contact_id=contact,
                    contract=contract,
                    digest=self._digest(contact, contract, code),
                    channel=channel,
                    masked=masked,
                    status="live",
                    created_at=now,
                    expires_at=now + timedelta(minutes=self._limits.minutes),
                )
            )
        return code

    async def check(self, contact: str, contract: str, typed: str) -> CodeCheck:
        """One try, counted in the same transaction: two at once are two."""
        now = self._clock.now()
        async with self._db.begin() as session:
            query = (
                select(CodeRow)
                .where(CodeRow.contact_id == contact, CodeRow.contract == contract, CodeRow.status == "live")
                .order_by(CodeRow.created_at.desc())
                .with_for_update()
            )
            row = (await session.scalars(query)).first()
            if row is None or row.expires_at <= now:
                return CodeCheck(ok=False, expired=True)
            row.tries += 1
            if hmac.compare_digest(row.digest, self._digest(contact, contract, typed)):
                row.status = "used"
                return CodeCheck(ok=True)
            left = self._limits.tries - row.tries
            if left > 0:
                return CodeCheck(ok=False, tries_left=left)
            row.status, row.expires_at = "locked", now + timedelta(minutes=self._limits.lock_minutes)
            return CodeCheck(ok=False, locked_until=row.expires_at)

    async def cancel(self, contact: str, contract: str) -> None:
        """The citizen did not ask for it: the code stops working."""
        async with self._db.begin() as session:
            await session.execute(
                update(CodeRow)
                .where(CodeRow.contact_id == contact, CodeRow.contract == contract, CodeRow.status == "live")
                .values(status="replaced")
            )
