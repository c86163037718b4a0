"""The way of the money on SQLite and on PostgreSQL: asked, replaced, paid unheard, posted, receipted, looked into."""

from __future__ import annotations

import asyncio

from services.errors import UnknownOutcome
from services.payments import reviews
from services.payments.errors import PaymentInProgress
from services.payments.model import Method, State
from services.payments.report import daily
from tests.services.receipts.conftest import CONTRACT, build_office


async def test_the_whole_way_on_both_engines(empty_database_url: str) -> None:
    office = await build_office(empty_database_url)
    house = office.house
    await office.citizen()
    asked = await asyncio.gather(*(house.ask(f"k{n}") for n in range(3)), return_exceptions=True)
    assert len(house.conekta.orders) == 1
    assert all(isinstance(error, PaymentInProgress) for error in asked if isinstance(error, Exception))
    house.clock.advance(seconds=1)
    await house.ask("other", method=Method.SPEI)
    house.conekta.pay("ord_2")
    house.ledger.error = UnknownOutcome("?")
    await house.payments.sweep()
    await asyncio.gather(office.receipts.send_due(), office.receipts.send_due(), office.receipts.mail_due())
    assert len(await office.said()) == len(office.mailer.sent) == 1
    assert [p.state for p in await house.payments.history(CONTRACT)] == [State.PAID, State.CANCELLED]
    house.ledger.error = None
    for case in await reviews.open_cases(house.db):
        await reviews.decide(house.db, house.clock, case.id, reviews.Decision.AGAIN, "ana")
    await house.payments.sweep()
    assert len(house.ledger.posted) == 2
    assert (await daily(house.db, house.clock, house.clock.today())).totals["received_centavos"] == 48_600
    await office.kept.offer("c1", CONTRACT, Method.CASH, 48_600, ())
    await office.kept.offer("c1", CONTRACT, Method.SPEI, 48_600, ())
    assert (await office.kept.keep("c1")).method is Method.SPEI
    assert await office.finisher.finish_due() == 1
    await house.db.close()
