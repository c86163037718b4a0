"""Consents: given in the chat, alive with a card, ended at any time from chat or portal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.autopay.errors import AutopayElsewhere
from services.autopay.model import Consent, Plan, PlanState, Run, RunState, plan, run
from services.autopay.tables import AutopayPlanRow, AutopayRunRow
from services.autopay.wallet import default_card
from services.autopay.words import Words
from services.clock import Clock
from services.storage import Database
from services.storage.base import new_id

FRESH = timedelta(hours=24)  # how long a consent may wait for its card
LIVE = (PlanState.WAITING.value, PlanState.ACTIVE.value)


@dataclass(frozen=True)
class Ended:
    """An auto-pay that was stopped; `underway` if a charge had left already."""

    contract: str
    underway: bool


class Plans:
    """Starts, shows and ends auto-pay."""

    def __init__(self, db: Database, clock: Clock, words: Words) -> None:
        self._db, self._clock, self._words = db, clock, words

    async def of_contact(self, contact_id: str) -> list[Plan]:
        """What this chat has running, oldest first."""
        active = AutopayPlanRow.contact_id == contact_id, AutopayPlanRow.state == PlanState.ACTIVE.value
        async with self._db.read() as session:
            found = await session.scalars(select(AutopayPlanRow).where(*active).order_by(AutopayPlanRow.consented_at))
            card = await default_card(session, contact_id)
            return [plan(row, card, await _next_run(session, row.id)) for row in found]

    async def start(self, contact_id: str, contract: str, cap_centavos: int | None, consent: Consent) -> Plan:
        """Write the consent down; active at once with a card, else waiting for one.

        Given again it replaces the one before, with its own words and moment.

        Raises:
            AutopayElsewhere: another chat has this contract.
        """
        now = self._clock.now()
        try:
            async with self._db.begin() as session:
                older = await self._end_older(session, contact_id, contract, now)
                row = AutopayPlanRow(
                    id=new_id(),
                    contact_id=contact_id,
                    contract=contract,
                    live_key=f"wait:{contact_id}:{contract}"[:64],
                    state=PlanState.WAITING.value,
                    cap_centavos=cap_centavos,
                    consent_version=consent.version,
                    consent_text=consent.text,
                    consented_at=now,
                )
                session.add(row)
                card = await default_card(session, contact_id)
                if card is not None:
                    _activate(row, now)
                await session.flush()
                told = AutopayRunRow.plan_id.in_(older), AutopayRunRow.state == RunState.TOLD.value
                await session.execute(update(AutopayRunRow).where(*told).values(plan_id=row.id))
                return plan(row, card)
        except IntegrityError as error:
            raise AutopayElsewhere from error

    @staticmethod
    async def _end_older(session: AsyncSession, contact_id: str, contract: str, now: datetime) -> list[str]:
        mine = AutopayPlanRow.contact_id == contact_id, AutopayPlanRow.contract == contract
        older = list(await session.scalars(select(AutopayPlanRow).where(*mine, AutopayPlanRow.state.in_(LIVE))))
        for row in older:
            _end(row, now, "renewed")
        await session.flush()
        return [row.id for row in older]

    async def card_came(self, contact_id: str) -> list[Plan]:
        """A card was saved: consents that waited for one come alive, and the chat hears of it."""
        now = self._clock.now()
        waiting = (
            AutopayPlanRow.contact_id == contact_id,
            AutopayPlanRow.state == PlanState.WAITING.value,
            AutopayPlanRow.consented_at > now - FRESH,
        )
        async with self._db.read() as session:
            ids = list(await session.scalars(select(AutopayPlanRow.id).where(*waiting)))
        found = [await self._wake(plan_id, now) for plan_id in ids]
        return [made for made in found if made is not None]

    async def _wake(self, plan_id: str, now: datetime) -> Plan | None:
        """None when another chat was quicker; that is told too."""
        try:
            async with self._db.begin() as session:
                row = await session.get_one(AutopayPlanRow, plan_id, with_for_update=True)
                card = await default_card(session, row.contact_id)
                if row.state != PlanState.WAITING or card is None:
                    return None
                _activate(row, now)
                await session.flush()
                await self._words.started(session, plan(row, card))
                return plan(row, card)
        except IntegrityError:
            async with self._db.begin() as session:
                row = await session.get_one(AutopayPlanRow, plan_id)
                _end(row, now, "elsewhere")
                await self._words.elsewhere(session, plan(row))
            return None

    async def stop(self, contact_id: str, contract: str | None, origin: str) -> list[Ended]:
        """End it for one contract of this chat, or for all; nothing is charged any more."""
        now = self._clock.now()
        mine = [AutopayPlanRow.contact_id == contact_id, AutopayPlanRow.state.in_(LIVE)]
        if contract is not None:
            mine.append(AutopayPlanRow.contract == contract)
        async with self._db.begin() as session:
            rows = list(await session.scalars(select(AutopayPlanRow).where(*mine).with_for_update()))
            ended = []
            for row in rows:
                was_active = row.state == PlanState.ACTIVE
                _end(row, now, origin)
                busy = await self._stop_runs(session, row.id, now)
                if was_active:
                    ended.append(Ended(row.contract, busy))
            return ended

    @staticmethod
    async def _stop_runs(session: AsyncSession, plan_id: str, now: datetime) -> bool:
        told = AutopayRunRow.plan_id == plan_id, AutopayRunRow.state == RunState.TOLD.value
        rows = list(await session.scalars(select(AutopayRunRow).where(*told).with_for_update()))
        for row in rows:
            row.state, row.closed_at = RunState.STOPPED.value, now
        return any(row.busy_until > now for row in rows)

    async def skip(self, contact_id: str, contract: str | None) -> Run | None:
        """Not this bill; None if there is nothing (any more) to stop. The next one is told of again."""
        now = self._clock.now()
        mine = [AutopayRunRow.contact_id == contact_id, AutopayRunRow.state == RunState.TOLD.value]
        if contract is not None:
            mine.append(AutopayRunRow.contract == contract)
        query = select(AutopayRunRow).where(*mine, AutopayRunRow.busy_until <= now)
        async with self._db.begin() as session:
            row = (await session.scalars(query.order_by(AutopayRunRow.next_at).limit(1).with_for_update())).first()
            if row is None:
                return None
            row.state, row.closed_at = RunState.SKIPPED.value, now
            return run(row)

    async def last_run(self, contact_id: str, contract: str | None) -> Run | None:
        """The newest bill of this chat's auto-pay, whatever has become of it."""
        mine = [AutopayRunRow.contact_id == contact_id]
        if contract is not None:
            mine.append(AutopayRunRow.contract == contract)
        query = select(AutopayRunRow).where(*mine).order_by(AutopayRunRow.told_at.desc()).limit(1)
        async with self._db.read() as session:
            row = (await session.scalars(query)).first()
            return run(row) if row else None


async def _next_run(session: AsyncSession, plan_id: str) -> Run | None:
    told = AutopayRunRow.plan_id == plan_id, AutopayRunRow.state == RunState.TOLD.value
    row = (await session.scalars(select(AutopayRunRow).where(*told).order_by(AutopayRunRow.next_at).limit(1))).first()
    return run(row) if row else None


def _activate(row: AutopayPlanRow, now: datetime) -> None:
    row.state, row.live_key, row.activated_at = PlanState.ACTIVE.value, row.contract, now


def _end(row: AutopayPlanRow, now: datetime, origin: str) -> None:
    row.state, row.live_key, row.stopped_at, row.stopped_from = PlanState.STOPPED.value, None, now, origin
