"""One person is one contact, by whatever address they come."""

import asyncio
from datetime import UTC, datetime

import pytest

from services.clock import FixedClock
from services.contacts import book
from services.contacts.addresses import local_phone, normalise_phone
from services.contacts.service import MAX_CONTRACTS, Contacts
from services.errors import NotAllowed, NotFound
from services.messaging.inbound import AliasChange, Sender
from services.storage import Database

NOW = datetime(2026, 12, 7, tzinfo=UTC)


async def resolve(database: Database, *senders: Sender) -> list[str | None]:
    async with database.begin() as session:
        return await book.resolve(session, "whatsapp", senders, NOW)


@pytest.fixture
def contacts(database: Database) -> Contacts:
    return Contacts(database, FixedClock(NOW))


@pytest.mark.parametrize(
    ("written", "normal", "local"),
    [
        ("5214425550163", "524425550163", "4425550163"),
        ("+52 442 555 0163", "524425550163", "4425550163"),
        ("4425550163", "524425550163", "4425550163"),
        ("14425550163", "14425550163", None),
        ("34600111222", "34600111222", None),
    ],
)
def test_phones(written: str, normal: str, local: str | None) -> None:
    assert normalise_phone(written) == normal
    assert local_phone(written) == local


async def test_52_and_521_are_one_person_and_the_newest_writing_is_answered(
    database: Database, contacts: Contacts
) -> None:
    [first] = await resolve(database, Sender(phone="5214425550163"))
    [second] = await resolve(database, Sender(phone="524425550163"))
    assert first == second
    contact = await contacts.get(str(first))
    assert (contact.phone, contact.local_phone) == ("524425550163", "4425550163")


async def test_phone_and_bsuid_that_come_together_are_linked(database: Database, contacts: Contacts) -> None:
    [by_bsuid] = await resolve(database, Sender(bsuid="MX.abc"))
    [both] = await resolve(database, Sender(phone="5214425550163", bsuid="MX.abc", parent_bsuid="MX.ENT.x"))
    [by_phone] = await resolve(database, Sender(phone="5214425550163"))
    [by_parent] = await resolve(database, Sender(parent_bsuid="MX.ENT.x"))
    assert by_bsuid == both == by_phone == by_parent
    contact = await contacts.get(str(both))
    assert (contact.phone, contact.bsuid) == ("5214425550163", "MX.abc")


async def test_the_phone_decides_between_two_known_contacts(database: Database) -> None:
    [phone], [bsuid] = (
        await resolve(database, Sender(phone="5214425550163")),
        await resolve(database, Sender(bsuid="MX.abc")),
    )
    assert phone != bsuid
    assert await resolve(database, Sender(phone="5214425550163", bsuid="MX.abc")) == [phone]
    assert await resolve(database, Sender(bsuid="MX.abc")) == [phone]


async def test_a_bsuid_is_never_normalised(database: Database) -> None:
    both = await resolve(database, Sender(bsuid="MX.Abc"), Sender(bsuid="MX.abc"))
    assert both[0] != both[1]


async def test_a_bsuid_that_changes_keeps_its_contact(database: Database) -> None:
    [old] = await resolve(database, Sender(bsuid="MX.old"))
    async with database.begin() as session:
        await book.move(session, AliasChange(kind="bsuid", old="MX.old", new="MX.new"), NOW)
        await book.move(session, AliasChange(kind="bsuid", old="MX.stranger", new="MX.other"), NOW)
    assert await resolve(database, Sender(bsuid="MX.new")) == [old]
    assert await resolve(database, Sender(bsuid="MX.old")) != [old]


async def test_a_new_owner_of_the_number_loses_it_to_who_moved_there(database: Database) -> None:
    [mover], [before] = (
        await resolve(database, Sender(phone="524425550163")),
        await resolve(database, Sender(phone="524425550177")),
    )
    async with database.begin() as session:
        await book.move(session, AliasChange(kind="phone", old="5214425550163", new="5214425550177"), NOW)
    assert await resolve(database, Sender(phone="524425550177")) == [mover] != [before]


async def test_many_at_once_make_one_contact(database: Database) -> None:
    found = await asyncio.gather(*(resolve(database, Sender(phone="5214425550163")) for _ in range(12)))
    assert len({contact for [contact] in found}) == 1


async def test_linked_contracts(database: Database, contacts: Contacts) -> None:
    [found] = await resolve(database, Sender(phone="5214425550163"))
    contact = str(found)
    await contacts.link(contact, "0048213", "casa")
    await contacts.link(contact, "0090457", " local de mi mamá ")
    await contacts.link(contact, "0048213")
    linked = await contacts.linked(contact)
    assert [(c.contract, c.nickname, c.active) for c in linked] == [
        ("0048213", "casa", True),
        ("0090457", "local de mi mamá", False),
    ]
    assert await contacts.followers("0090457") == [contact]
    assert await contacts.unlink(contact, "0048213") is True
    assert await contacts.unlink(contact, "0048213") is False
    assert (await contacts.get(contact)).active_contract is None


async def test_a_list_has_room_for_so_many(database: Database, contacts: Contacts) -> None:
    [found] = await resolve(database, Sender(phone="5214425550163"))
    for number in range(MAX_CONTRACTS):
        await contacts.link(str(found), f"10000{number}")
    await contacts.link(str(found), "100000", "casa")
    with pytest.raises(NotAllowed):
        await contacts.link(str(found), "200000")


async def test_register_and_strangers(database: Database, contacts: Contacts) -> None:
    [found] = await resolve(database, Sender(phone="5214425550163"))
    await contacts.set_register(str(found), "tu")
    assert (await contacts.get(str(found))).register == "tu"
    with pytest.raises(NotFound):
        await contacts.get("nobody")
