"""Who is writing: finds or makes the contact for an address, and moves addresses when they change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.contacts.addresses import normalise_phone
from services.contacts.tables import AliasRow, ContactRow
from services.messaging.inbound import AliasChange, Sender
from services.storage.base import new_id
from services.storage.upsert import insert_new

LONGEST = 160  # a BSUID has at most 135 characters (whatsapp.md section 9)
RegisterOf = Callable[[str], str]  # contact id → usted | tu
ORDER = ("phone", "bsuid", "parent", "web")  # the first known address decides who it is


class Address(NamedTuple):
    """One way to reach a contact; `value` is for looking up, `original` for answering."""

    kind: str
    value: str
    original: str

    @property
    def key(self) -> tuple[str, str]:
        """What is unique."""
        return self.kind, self.value


def addresses_of(sender: Sender) -> list[Address]:
    """What a channel told about a sender, best first. BSUIDs are never parsed nor normalised."""
    given = {
        "phone": sender.phone,
        "bsuid": sender.bsuid,
        "parent": sender.parent_bsuid,
        "web": sender.web_session,
    }
    found = [(kind, given[kind]) for kind in ORDER]
    return [
        Address(kind, normalise_phone(text) if kind == "phone" else text, text)
        for kind, text in found
        if text and len(text) <= LONGEST
    ]


def always_usted(_contact: str) -> str:
    """The rule where nothing else was decided."""
    return "usted"


async def resolve(
    session: AsyncSession, channel: str, senders: Sequence[Sender], now: datetime, register: RegisterOf = always_usted
) -> list[str | None]:
    """The contact id of each sender, made when new; None for a sender without any address.

    Addresses that come together are linked: the best known one decides, the others move to it. `register`
    says how a new contact is spoken to.
    """
    wanted = [addresses_of(sender) for sender in senders]
    known = await _known(session, [a for addresses in wanted for a in addresses])
    found: list[str | None] = []
    for addresses in wanted:
        owner = next((known[a.key][0] for a in addresses if a.key in known), None)
        if owner is None and addresses:
            owner = await _create(session, channel, addresses[0], now, register)
            known[addresses[0].key] = (owner, addresses[0].original)
        if owner is not None:
            await _link(session, owner, addresses, known, now)
        found.append(owner)
    return found


async def move(session: AsyncSession, change: AliasChange, now: datetime) -> None:
    """A number or BSUID became another: the contact keeps its history under the new one.

    Whoever held the new address before loses it: it is somebody else's now. The old address goes too.
    """
    old = Address(change.kind, _value(change.kind, change.old), change.old)
    new = Address(change.kind, _value(change.kind, change.new), change.new)
    known = await _known(session, [old, new])
    if old.key not in known or old.key == new.key:
        return
    owner = known[old.key][0]
    await _link(session, owner, [new], known, now)
    await session.execute(delete(AliasRow).where(AliasRow.kind == old.kind, AliasRow.value == old.value))


def _value(kind: str, text: str) -> str:
    return normalise_phone(text) if kind == "phone" else text


async def _known(session: AsyncSession, addresses: Sequence[Address]) -> dict[tuple[str, str], tuple[str, str]]:
    """(kind, value) → (contact, original), for those that are known."""
    if not addresses:
        return {}
    values: defaultdict[str, set[str]] = defaultdict(set)
    for address in addresses:
        values[address.kind].add(address.value)
    either = or_(*(and_(AliasRow.kind == kind, AliasRow.value.in_(values[kind])) for kind in values))
    query = select(AliasRow.kind, AliasRow.value, AliasRow.contact_id, AliasRow.original).where(either)
    return {(kind, value): (contact, original) for kind, value, contact, original in await session.execute(query)}


async def _create(session: AsyncSession, channel: str, address: Address, now: datetime, register: RegisterOf) -> str:
    """A new contact; if another process was faster, theirs."""
    contact = new_id()
    row = {"id": contact, "channel": channel, "register": register(contact), "created_at": now}
    await insert_new(session, ContactRow, [row], ("id",))
    alias = {**address._asdict(), "contact_id": contact, "seen_at": now}
    if await insert_new(session, AliasRow, [alias], ("kind", "value")):
        return contact
    await session.execute(delete(ContactRow).where(ContactRow.id == contact))
    theirs = select(AliasRow.contact_id).where(AliasRow.kind == address.kind, AliasRow.value == address.value)
    return str((await session.execute(theirs)).scalar_one())


async def _link(
    session: AsyncSession,
    owner: str,
    addresses: Sequence[Address],
    known: dict[tuple[str, str], tuple[str, str]],
    now: datetime,
) -> None:
    """Give the owner every address that is not yet theirs, as it was last written."""
    for address in addresses:
        if known.get(address.key) == (owner, address.original):
            continue
        values = {"contact_id": owner, "original": address.original, "seen_at": now}
        new = await insert_new(session, AliasRow, [{**address._asdict(), **values}], ("kind", "value"))
        if not new:
            where = (AliasRow.kind == address.kind, AliasRow.value == address.value)
            await session.execute(update(AliasRow).where(*where).values(**values))
        known[address.key] = (owner, address.original)
