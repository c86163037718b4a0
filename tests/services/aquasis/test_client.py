"""The SOAP client against the stand-in, which renders from our WSDL files and refuses what they forbid."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from cryptography.fernet import Fernet
from redis.asyncio import Redis

from sandbox.aquasis import build
from sandbox.data import SandboxData
from sandbox.faults import Fault
from sandbox.world import World
from services.aquasis.cache import Cache
from services.aquasis.client import AquasisClient
from services.aquasis.errors import AquasisDown, AquasisRefused, AquasisUnknown, ContractNotFound
from services.aquasis.model import BillState, ServiceState, WorkOrder
from services.aquasis.soap import SoapClient

NOW = datetime(2026, 11, 24, tzinfo=UTC)


class Setup:
    def __init__(self, redis: Redis, password: str = "sandbox-aquasis-password") -> None:
        from fastapi import FastAPI

        self.world = World(SandboxData())
        app = FastAPI()
        app.include_router(build(self.world))
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), timeout=5)
        soap = SoapClient("http://aquasis/aquasis/services", "sandbox", password, http=http)
        self.client = AquasisClient(soap, Cache(redis, Fernet.generate_key()))


@pytest.fixture
async def setup(redis: Redis) -> AsyncIterator[Setup]:
    made = Setup(redis)
    yield made
    await made.client.close()


async def test_a_contract_gives_the_zone_and_keeps_the_zeros_that_were_written(setup: Setup) -> None:
    found = await setup.client.contract("0048213")
    assert (found.number, found.zone, found.phones) == ("0048213", 1, ("4425550163",))
    assert (await setup.client.contract("48213")).number == "48213"


async def test_unknown_contracts_are_not_found_by_every_service(setup: Setup) -> None:
    for ask in (setup.client.contract, setup.client.debt, setup.client.bills, setup.client.consumption):
        with pytest.raises(ContractNotFound):
            await ask("111111")
    with pytest.raises(ContractNotFound):
        await setup.client.contract("9999999999")  # no xs:int


async def test_debt_bills_and_their_states(setup: Setup) -> None:
    debt = await setup.client.debt("0061177")
    assert [b.state for b in debt.bills] == [BillState.OVERDUE, BillState.PENDING]
    assert debt.total == sum(b.amount for b in debt.bills)
    assert all(b.payment_reference for b in debt.bills)
    assert (await setup.client.debt("613204")).total < 0
    assert (await setup.client.debt("720015")).blocked


async def test_a_zero_that_names_its_own_zone_is_believed_at_once(setup: Setup) -> None:
    asked = asked_of(setup)
    assert (await setup.client.debt("998877")).total == 0
    assert asked.count("getDeudaContrato") == 1


async def test_a_zero_without_a_zone_is_asked_again_with_it(setup: Setup) -> None:
    asked = asked_of(setup, lambda answer: setattr(answer.deudaContrato, "explotacion", None))
    assert (await setup.client.debt("998877")).total == 0
    assert asked.count("getDeudaContrato") == 2


@pytest.mark.parametrize("silent", ["getFacturas", "getFacturasContrato"])
async def test_either_list_of_bills_will_do(setup: Setup, silent: str) -> None:
    both = await setup.client.bills("455123")
    await setup.client.forget("455123")
    setup.world.faults.active = [Fault(system="aquasis", kind="error", operation=silent)]
    alone = await setup.client.bills("455123")
    assert [(b.number, b.month, b.amount, b.state) for b in alone] == [
        (b.number, b.month, b.amount, b.state) for b in both
    ]


def asked_of(setup: Setup, change: Callable[[Any], object] = lambda _: None) -> list[str]:
    """The operations that are asked from now on; `change` tampers with the answers to `getDeudaContrato`."""
    asked: list[str] = []
    read = setup.client._soap.read

    async def counted(service: Any, operation: str, **values: Any) -> Any:
        asked.append(operation)
        answer = await read(service, operation, **values)
        if operation == "getDeudaContrato":
            change(answer)
        return answer

    setup.client._soap.read = counted  # type: ignore[method-assign]
    return asked


async def test_months_come_out_of_angle_brackets(setup: Setup) -> None:
    months = await setup.client.consumption("0064410")
    assert len(months) == 24
    assert months[-1].cubic_metres == 34
    assert any(c.estimated for c in await setup.client.consumption("775283"))
    assert (await setup.client.readings("0064410"))[-1].register_m3 > 34


async def test_the_other_zones_answer_too(setup: Setup) -> None:
    for number in ("819627", "831849", "853061"):
        assert await setup.client.bills(number), number


async def test_a_stale_zone_is_fetched_again(setup: Setup) -> None:
    from dataclasses import replace

    found = await setup.client.contract("819627")
    cache = setup.client._cache
    await cache.drop("819627")

    async def stale() -> object:
        return replace(found, zone=1)

    await cache.get("819627", "contract", 900, stale, type(found))
    assert await setup.client.consumption("819627")


async def test_cut_off_or_not(setup: Setup) -> None:
    assert (await setup.client.service_point("0039925")).state is ServiceState.CUT_FOR_DEBT
    assert (await setup.client.service_point("908516")).state is ServiceState.CUT_OTHER
    assert (await setup.client.service_point("455123")).state is ServiceState.ACTIVE


async def test_the_pdf_is_one_or_is_refused(setup: Setup) -> None:
    newest = (await setup.client.bills("455123"))[0]
    assert (await setup.client.bill_pdf("455123", newest.number)).startswith(b"%PDF-")
    broken = (await setup.client.bills("808516"))[0]
    with pytest.raises(AquasisRefused):
        await setup.client.bill_pdf("808516", broken.number)


async def test_changes_are_seen_at_once(setup: Setup) -> None:
    await setup.client.contract("455123")
    await setup.client.change_email("455123", "nueva@example.mx")
    await setup.client.change_phone("455123", "4425550111")
    await setup.client.set_paperless("455123", True)
    found = await setup.client.contract("455123")
    assert (found.email, found.phones, found.paperless) == ("nueva@example.mx", ("4425550111",), True)


async def test_an_order_gets_a_folio_and_moves_on_with_time(setup: Setup) -> None:
    point = await setup.client.service_point("455123")
    folio = await setup.client.create_work_order(WorkOrder("455123", point.id, 32, 52, "fuga", NOW, 20.6, -100.4))
    assert (await setup.client.order_status(folio, 1)).state == "received"
    setup.world.clock.advance_seconds(31 * 3600)
    assert (await setup.client.order_status(folio, 1)).state == "done"
    with pytest.raises(AquasisRefused):
        await setup.client.create_work_order(WorkOrder("455123", 0, 32, 52, "", NOW))


async def test_a_payment_is_booked_once(setup: Setup) -> None:
    debt = await setup.client.debt("455123")
    reference = str(debt.bills[0].payment_reference)
    await setup.client.post_payment(reference, debt.total, NOW, "t1")
    await setup.client.forget("455123")
    assert (await setup.client.debt("455123")).total == 0
    with pytest.raises(AquasisRefused):
        await setup.client.post_payment(reference, debt.total, NOW, "t1")


async def test_a_wrong_password_opens_nothing(redis: Redis) -> None:
    made = Setup(redis, password="wrong")
    with pytest.raises(AquasisRefused):
        await made.client.contract("455123")
    await made.client.close()


async def test_reads_are_repeated_once_and_the_circuit_opens(setup: Setup) -> None:
    setup.world.faults.active = [Fault(system="aquasis", kind="drop", remaining=1)]
    assert await setup.client.contract("455123")
    setup.world.faults.active = [Fault(system="aquasis", kind="drop")]
    for number in ("998877", "0071390"):
        with pytest.raises(AquasisDown):
            await setup.client.contract(number)
    setup.world.faults.clear()
    with pytest.raises(AquasisDown):  # open: nobody waits
        await setup.client.contract("0052087")


async def test_a_write_without_an_answer_is_unknown_and_not_repeated(setup: Setup) -> None:
    await setup.client.contract("455123")
    setup.world.faults.active = [Fault(system="aquasis", kind="drop", remaining=1)]
    with pytest.raises(AquasisUnknown):
        await setup.client.change_phone("455123", "4425550112")
    assert setup.world.faults.active[0].remaining == 0


async def test_what_lies_in_redis_cannot_be_read(setup: Setup, redis: Redis) -> None:
    await setup.client.contract("455123")
    for key in await redis.keys("*"):
        value = await redis.get(key)
        assert b"MARTINEZ" not in value
        assert b"4425550163" not in value
