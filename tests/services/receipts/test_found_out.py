"""A payment that a citizen's own question finds out, before any webhook, is receipted and posted like any other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from sqlalchemy import select

from services.aquasis.fake import FakeAquasis, contract
from services.bootstrap import Services, build_services
from services.payments.model import BillShare, Method, State
from services.payments.tables import PostingRow
from services.receipts.tables import ReceiptRow
from services.settings import Settings
from services.storage.metadata import metadata
from tests.services.payments.test_conekta_client import URL, Stand


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    made = Stand()
    yield made
    await made.http.aclose()


@pytest.fixture
async def services(tmp_path: Path, stand: Stand) -> AsyncIterator[Services]:
    aquasis = FakeAquasis()
    aquasis.add(contract("0048213"), total="486.00")
    url = f"sqlite+aiosqlite:///{tmp_path / 's.db'}"
    settings = Settings(_env_file=None, conekta_url=URL, database_url=url)
    nowhere = Redis(host="127.0.0.1", port=1)  # the bell is only a courtesy
    made = build_services(settings, aquasis=aquasis, http=stand.http, redis=nowhere)
    async with made.db.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield made
    await made.db.close()
    await nowhere.aclose()


async def test_a_question_finds_the_payment_and_its_receipt_is_due(services: Services, stand: Stand) -> None:
    bills = [BillShare("F1", 48_600, "R1", "2026-11")]
    made = await services.payments.create_reference("c1", "0048213", Method.SPEI, 48_600, bills, "k1")
    stand.conekta.book.settle(*stand.conekta.book.by_reference(made.clabe))
    assert [p.state for p in await services.payments.refresh("0048213")] == [State.PAID]
    async with services.db.read() as session:
        receipts = list(await session.scalars(select(ReceiptRow)))
        postings = list(await session.scalars(select(PostingRow)))
    assert [(r.payment_id, r.chat) for r in receipts] == [(made.payment_id, "due")]
    assert [(p.reference, p.status) for p in postings] == [("R1", "due")]
