"""A contact as the rest of María sees it: how to reach it, how to speak to it, which contracts it follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, func, select, update

from services.clock import Clock
from services.contacts.addresses import local_phone
from services.contacts.tables import AliasRow, ContactRow, LinkedContractRow
from services.errors import NotAllowed, NotFound
from services.messaging.tables import ConversationRow
from services.storage import Database
from services.storage.upsert import insert

MAX_CONTRACTS = 40  # nobody in the trade of houses needs more here; a list shows them page by page
NICKNAME_CHARS = 24  # a list row's title


@dataclass(frozen=True)
class Contact:
    """`phone` and `bsuid` are to answer to; `local_phone` (ten digits) is to compare."""

    id: str
    channel: str
    register: str
    active_contract: str | None
    last_inbound_at: datetime | None
    phone: str | None
    bsuid: str | None

    @property
    def local_phone(self) -> str | None:
        """Ten digits; None when the channel hides the number or it is not Mexican."""
        return local_phone(self.phone) if self.phone else None


@dataclass(frozen=True)
class LinkedContract:
    """A contract the contact follows."""

    contract: str
    nickname: str | None
    active: bool


class Contacts:
    """Reads and changes contacts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    async def get(self, contact: str) -> Contact:
        """The contact with its newest addresses.

        Raises:
            NotFound: there is no such contact.
        """
        async with self.database.read() as session:
            row = await session.get(ContactRow, contact)
            if row is None:
                raise NotFound("contact")
            query = select(AliasRow.kind, AliasRow.original).where(AliasRow.contact_id == contact)
            wrote = select(ConversationRow.last_inbound_at).where(ConversationRow.contact_id == contact)
            last_inbound_at = await session.scalar(wrote)
            aliases = dict((await session.execute(query.order_by(AliasRow.seen_at))).tuples().all())
        return Contact(
            id=row.id,
            channel=row.channel,
            register=row.register,
            active_contract=row.active_contract,
            last_inbound_at=last_inbound_at,
            phone=aliases.get("phone"),
            bsuid=aliases.get("bsuid") or aliases.get("parent"),
        )

    async def set_register(self, contact: str, register: Literal["usted", "tu"]) -> None:
        """From now on María says *usted* or *tú*."""
        await self._update(contact, register=register)

    async def set_active(self, contact: str, contract: str | None) -> None:
        """The contract that is meant when none is named."""
        await self._update(contact, active_contract=contract)

    async def linked(self, contact: str) -> list[LinkedContract]:
        """The contracts the contact follows, oldest first."""
        async with self.database.read() as session:
            active = await session.scalar(select(ContactRow.active_contract).where(ContactRow.id == contact))
            query = select(LinkedContractRow).where(LinkedContractRow.contact_id == contact)
            rows = await session.scalars(query.order_by(LinkedContractRow.id))
            return [LinkedContract(r.contract, r.nickname, r.contract == active) for r in rows]

    async def link(self, contact: str, contract: str, nickname: str | None = None) -> None:
        """Follow a contract and make it the active one; linking again only changes the nickname, if given.

        Raises:
            NotAllowed: `MAX_CONTRACTS` are linked already.
        """
        name = nickname.strip()[:NICKNAME_CHARS] if nickname else None
        mine = LinkedContractRow.contact_id == contact
        async with self.database.begin() as session:
            held = await session.scalar(select(func.count()).where(mine, LinkedContractRow.contract != contract))
            if (held or 0) >= MAX_CONTRACTS:
                raise NotAllowed("too many contracts", response="utter_too_many_contracts", most=MAX_CONTRACTS)
            row = {"contact_id": contact, "contract": contract, "nickname": name}
            made = insert(session, LinkedContractRow).values(**row, linked_at=self.clock.now())
            keys = ["contact_id", "contract"]
            await session.execute(
                made.on_conflict_do_update(index_elements=keys, set_={"nickname": name})
                if name
                else made.on_conflict_do_nothing(index_elements=keys)
            )
            await session.execute(update(ContactRow).where(ContactRow.id == contact).values(active_contract=contract))

    async def unlink(self, contact: str, contract: str) -> bool:
        """Follow it no longer; False if it was not linked."""
        async with self.database.begin() as session:
            found = await session.execute(
                delete(LinkedContractRow)
                .where(LinkedContractRow.contact_id == contact, LinkedContractRow.contract == contract)
                .returning(LinkedContractRow.id)
            )
            await session.execute(
                update(ContactRow)
                .where(ContactRow.id == contact, ContactRow.active_contract == contract)
                .values(active_contract=None)
            )
            return found.first() is not None

    async def followers(self, contract: str) -> list[str]:
        """The contacts that follow a contract, for notices."""
        async with self.database.read() as session:
            query = select(LinkedContractRow.contact_id).where(LinkedContractRow.contract == contract)
            return list(await session.scalars(query.order_by(LinkedContractRow.id)))

    async def _update(self, contact: str, **values: str | None) -> None:
        async with self.database.begin() as session:
            await session.execute(update(ContactRow).where(ContactRow.id == contact).values(**values))
