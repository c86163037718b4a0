"""Levels, limits, locks and expiry, on both databases, with a clock that moves when told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.aquasis.errors import AquasisDown, ContractNotFound
from services.aquasis.fake import FakeAquasis, contract
from services.bootstrap import KNOWLEDGE
from services.clock import FixedClock
from services.identity.errors import (
    EvidenceMissing,
    NothingRegistered,
    StepLocked,
    TooManyCodes,
    TooManyContracts,
)
from services.identity.policy import Level, Policy
from services.identity.service import Identity
from services.notifications.codes import FakeCodeSender
from services.storage import Database

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
WHO, HOUSE, SHOP = "c1", "455123", "0048213"


class World:
    def __init__(self, db: Database) -> None:
        self.clock, self.aquasis, self.sender = FixedClock(NOON), FakeAquasis(), FakeCodeSender()
        self.aquasis.add(contract(HOUSE, phones=("4425550163",), email="rosa@example.mx"))
        self.aquasis.add(contract(SHOP, phones=("4425550199",), email=None))
        policy = Policy.read(KNOWLEDGE / "verification.yml")
        self.identity = Identity(db, self.clock, policy, self.aquasis, self.sender, "pepper")

    async def known(self, number: str = HOUSE) -> None:
        await self.identity.see_contract(WHO, number)

    async def code(self, number: str = HOUSE, again: bool = False) -> str:
        await self.identity.send_code(WHO, number, again=again)
        return self.sender.sent[-1][2]


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


async def test_a_number_that_aquasis_knows_is_level_one(world: World) -> None:
    await world.known()
    assert await world.identity.level(WHO, HOUSE) is Level.CONTRACT
    await world.identity.require(WHO, HOUSE, "balance_inquiry")
    with pytest.raises(EvidenceMissing):
        await world.identity.require(WHO, HOUSE, "bill_request")


async def test_an_unknown_number_and_a_dead_system_prove_nothing(world: World) -> None:
    with pytest.raises(ContractNotFound):
        await world.known("111111")
    world.aquasis.down = True
    with pytest.raises(AquasisDown):
        await world.known()
    world.aquasis.down = False
    assert await world.identity.level(WHO, HOUSE) is Level.ANONYMOUS


async def test_the_registered_whatsapp_needs_no_question(world: World) -> None:
    await world.known()
    assert not await world.identity.recognise(WHO, HOUSE, "4425550111")
    assert not await world.identity.recognise(WHO, HOUSE, None)
    assert await world.identity.recognise(WHO, HOUSE, "4425550163")
    assert await world.identity.level(WHO, HOUSE) is Level.CONTACT


async def test_evidence_for_one_contract_says_nothing_about_another(world: World) -> None:
    await world.known()
    await world.known(SHOP)
    await world.identity.recognise(WHO, HOUSE, "4425550163")
    assert await world.identity.level(WHO, SHOP) is Level.CONTRACT
    assert await world.identity.level("somebody else", HOUSE) is Level.ANONYMOUS


async def test_a_typed_contact_has_three_tries_then_a_lock_that_ends(world: World) -> None:
    await world.known()
    left = [(await world.identity.match_contact(WHO, HOUSE, "4425550100")).tries_left for _ in range(3)]
    assert left == [2, 1, 0]
    with pytest.raises(StepLocked):
        await world.identity.match_contact(WHO, HOUSE, "4425550163")
    world.clock.advance(minutes=31)
    assert (await world.identity.match_contact(WHO, HOUSE, "ROSA@example.mx")).ok


async def test_the_code_goes_to_the_registered_phone_and_opens_level_three(world: World) -> None:
    await world.known()
    code = await world.code()
    assert world.sender.sent == [("sms", "4425550163", code)]
    assert (await world.identity.check_code(WHO, HOUSE, code)).ok
    assert await world.identity.level(WHO, HOUSE) is Level.OTP


async def test_a_code_works_once(world: World) -> None:
    await world.known()
    code = await world.code()
    assert (await world.identity.check_code(WHO, HOUSE, code)).ok
    assert not (await world.identity.check_code(WHO, HOUSE, code)).ok


async def test_a_code_of_one_contract_or_contact_opens_no_other(world: World) -> None:
    await world.known()
    await world.known(SHOP)
    code = await world.code()
    await world.code(SHOP)
    assert not (await world.identity.check_code(WHO, SHOP, code)).ok
    assert not (await world.identity.check_code("somebody else", HOUSE, code)).ok


async def test_the_third_wrong_code_locks_and_the_right_one_comes_too_late(world: World) -> None:
    await world.known()
    code = await world.code()
    wrong = "000000" if code != "000000" else "111111"
    checks = [await world.identity.check_code(WHO, HOUSE, wrong) for _ in range(3)]
    assert [c.tries_left for c in checks] == [2, 1, 0]
    assert checks[-1].locked_until
    assert (await world.identity.check_code(WHO, HOUSE, code)).locked_until
    with pytest.raises(StepLocked):
        await world.code()
    await world.identity.require(WHO, HOUSE, "balance_inquiry")  # the lock closes the step, not the conversation


async def test_a_code_lasts_five_minutes(world: World) -> None:
    await world.known()
    code = await world.code()
    world.clock.advance(minutes=5, seconds=1)
    assert (await world.identity.check_code(WHO, HOUSE, code)).expired


async def test_asking_again_does_not_double_a_code_unless_wished(world: World) -> None:
    await world.known()
    first = await world.code()
    assert (await world.identity.send_code(WHO, HOUSE)).resent
    assert len(world.sender.sent) == 1
    second = await world.code(again=True)
    assert not (await world.identity.check_code(WHO, HOUSE, first)).ok or first == second
    assert (await world.identity.check_code(WHO, HOUSE, second)).ok


async def test_codes_are_not_sent_without_end(world: World) -> None:
    await world.known()
    for _ in range(4):
        await world.code(again=True)
    with pytest.raises(TooManyCodes):
        await world.code(again=True)


async def test_without_a_registered_contact_no_code_can_be_sent(world: World) -> None:
    world.aquasis.add(contract("753061", phones=(), email=None))
    await world.known("753061")
    with pytest.raises(NothingRegistered):
        await world.identity.send_code(WHO, "753061")


async def test_evidence_expires(world: World) -> None:
    await world.known()
    await world.identity.check_code(WHO, HOUSE, await world.code())
    world.clock.advance(minutes=31)
    assert await world.identity.level(WHO, HOUSE) is Level.CONTACT
    world.clock.advance(hours=12)
    assert await world.identity.level(WHO, HOUSE) is Level.ANONYMOUS


async def test_one_contact_may_not_look_up_the_whole_town(world: World) -> None:
    for number in range(700_000, 700_015):
        world.aquasis.add(contract(str(number)))
        await world.known(str(number))
    world.aquasis.add(contract("700099"))
    with pytest.raises(TooManyContracts):
        await world.known("700099")
    await world.known("700003")  # those already seen stay open


async def test_guessing_numbers_is_stopped(world: World) -> None:
    for number in range(8):
        with pytest.raises(ContractNotFound):
            await world.known(str(900_000 + number))
    with pytest.raises(TooManyContracts):
        await world.known()


async def test_codes_are_kept_only_as_hashes(world: World, database: Database) -> None:
    from sqlalchemy import select

    from services.identity.tables import CodeRow

    await world.known()
    code = await world.code()
    async with database.read() as session:
        row = (await session.scalars(select(CodeRow))).one()
    assert code not in {row.digest, row.masked, row.id}
    assert "4425550163" not in row.masked


def test_a_goal_nobody_named_needs_everything() -> None:
    assert Policy.read(KNOWLEDGE / "verification.yml").needed("something_new") is Level.FULL


async def test_a_code_that_did_not_arrive_goes_the_other_way_where_there_is_one(world: World) -> None:
    await world.known()
    for _ in range(3):
        await world.code(again=True)
    assert [channel for channel, _, _ in world.sender.sent] == ["sms", "email", "sms"]
    assert (await world.identity.send_code(WHO, HOUSE, prefer="sms", again=True)).channel == "sms"


async def test_a_code_that_did_not_arrive_goes_the_same_way_where_there_is_no_other(world: World) -> None:
    await world.known(SHOP)
    await world.code(SHOP)
    assert (await world.identity.send_code(WHO, SHOP, again=True)).channel == "sms"
