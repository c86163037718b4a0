"""A contact's saved cards. The gateway keeps them; here stands what may be shown, and which one is charged."""

from __future__ import annotations

from contextlib import suppress

import structlog
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.autopay.errors import CardRefused, TooManyCards
from services.autopay.model import Card, SavedCard, card
from services.autopay.tables import AutopayCardRow, AutopayCustomerRow
from services.autopay.vault import Vault
from services.clock import Clock
from services.errors import ServiceError
from services.payments.errors import PaymentRefused, PaymentUnknown
from services.storage import Database
from services.storage.base import new_id
from services.storage.upsert import insert_new

log = structlog.get_logger(__name__)
MOST_CARDS, BATCH = 5, 20


class Wallet:
    """Adds, chooses and removes cards."""

    def __init__(self, db: Database, clock: Clock, vault: Vault) -> None:
        self._db, self._clock, self._vault = db, clock, vault

    async def cards(self, contact_id: str) -> list[Card]:
        """Newest first."""
        query = select(AutopayCardRow).where(*_of(contact_id)).order_by(AutopayCardRow.created_at.desc())
        async with self._db.read() as session:
            return [card(row) for row in await session.scalars(query)]

    async def add(self, contact_id: str, token: str) -> Card:
        """Save the card behind a token; the newest is the one that is charged.

        Raises:
            CardRefused: the gateway did not take it.
            TooManyCards: one must be removed first.
            PaymentsUnavailable, PaymentUnknown: try again.
        """
        if len(await self.cards(contact_id)) >= MOST_CARDS:
            raise TooManyCards
        customer = await self._customer(contact_id)
        try:
            saved = await self._vault.save_card(customer, token)
        except PaymentRefused as error:
            raise CardRefused(str(error)) from error
        except PaymentUnknown:
            saved = await self._just_saved(customer)
        return await self._keep(contact_id, customer, saved)

    async def _just_saved(self, customer: str) -> SavedCard:
        """No answer came: a card there that we do not know is the one."""
        query = select(AutopayCardRow.source_id).where(AutopayCardRow.customer_id == customer)
        async with self._db.read() as session:
            known = set(await session.scalars(query))
        found = [saved for saved in await self._vault.cards(customer) if saved.id not in known]
        if not found:
            raise PaymentUnknown("card")
        return found[-1]

    async def _customer(self, contact_id: str) -> str:
        async with self._db.read() as session:
            known = await session.get(AutopayCustomerRow, contact_id)
        if known is not None:
            return known.customer_id
        made = await self._vault.find_customer(contact_id) or await self._vault.create_customer(contact_id)
        row = {"contact_id": contact_id, "customer_id": made, "created_at": self._clock.now()}
        async with self._db.begin() as session:
            await insert_new(session, AutopayCustomerRow, [row], ("contact_id",))
            return (await session.get_one(AutopayCustomerRow, contact_id)).customer_id

    async def _keep(self, contact_id: str, customer: str, saved: SavedCard) -> Card:
        async with self._db.begin() as session:
            await session.execute(update(AutopayCardRow).where(*_of(contact_id)).values(is_default=False))
            row = AutopayCardRow(
                id=new_id(),
                contact_id=contact_id,
                customer_id=customer,
                source_id=saved.id,
                brand=saved.brand,
                last4=saved.last4,
                exp_month=saved.exp_month,
                exp_year=saved.exp_year,
                is_default=True,
                created_at=self._clock.now(),
            )
            session.add(row)
            await session.flush()
            return card(row)

    async def choose(self, contact_id: str, card_id: str) -> bool:
        """This one is charged from now on; False if there is no such card."""
        async with self._db.begin() as session:
            mine = AutopayCardRow.id == card_id, *_of(contact_id)
            if (await session.scalars(select(AutopayCardRow).where(*mine).with_for_update())).first() is None:
                return False
            all_, this = update(AutopayCardRow).where(*_of(contact_id)), AutopayCardRow.id == card_id
            await session.execute(all_.values(is_default=False))
            await session.execute(update(AutopayCardRow).where(this).values(is_default=True))
        return True

    async def remove(self, contact_id: str, card_id: str) -> int | None:
        """Never charge it again; how many cards are left, None if there is no such card.

        It ends here at once; the gateway is told now, or by `tidy` if it does not answer.
        """
        async with self._db.begin() as session:
            mine = AutopayCardRow.id == card_id, *_of(contact_id)
            row = (await session.scalars(select(AutopayCardRow).where(*mine).with_for_update())).first()
            if row is None:
                return None
            row.removed_at, was_default, row.is_default = self._clock.now(), row.is_default, False
            await session.flush()
            left = list(await session.scalars(select(AutopayCardRow).where(*_of(contact_id))))
            if was_default and left:
                max(left, key=lambda other: other.created_at).is_default = True
        await self.tidy()
        return len(left)

    async def tidy(self) -> int:
        """Removed cards that the gateway still keeps; how many were forgotten there."""
        query = select(AutopayCardRow).where(
            AutopayCardRow.removed_at.is_not(None), AutopayCardRow.forgotten_at.is_(None)
        )
        async with self._db.read() as session:
            rows = list(await session.scalars(query.limit(BATCH)))
        done = 0
        for row in rows:
            with suppress(ServiceError):
                await self._vault.remove_card(row.customer_id, row.source_id)
                async with self._db.begin() as session:
                    (await session.get_one(AutopayCardRow, row.id)).forgotten_at = self._clock.now()
                done += 1
        return done


async def default_card(session: AsyncSession, contact_id: str) -> Card | None:
    """The card that is charged."""
    query = select(AutopayCardRow).where(*_of(contact_id), AutopayCardRow.is_default.is_(True))
    row = (await session.scalars(query.limit(1))).first()
    return card(row) if row else None


def _of(contact_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return AutopayCardRow.contact_id == contact_id, AutopayCardRow.removed_at.is_(None)
