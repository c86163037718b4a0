from datetime import timedelta

import pytest

from services.clock import Clock
from services.errors import NotFound
from services.review import service
from services.review.masking import Masker
from services.review.service import Review
from services.storage import Database

MASKER = Masker.read()
RANKING = [{"name": "bill_request", "confidence": 0.41}, {"name": "balance_inquiry", "confidence": 0.3}]


def heard(text: str, **more: object) -> dict:
    return {"words": text, "reason": "unsure", "ranking": RANKING, "entities": [], **more}


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("cuanto debo del 455123", "cuanto debo del 000000"),
        ("mi cel es 442 555 01 63 oiga", "mi cel es 000 000 00 00 oiga"),
        ("escríbame a rosa.m+x@gmail.com.mx porfa", "escríbame a correo@ejemplo.mx porfa"),
        ("me llamo Eulalia Pérez Soto y quiero mi recibo", "me llamo Fulano y quiero mi recibo"),
        ("a nombre de juana lopez de la colonia centro", "a nombre de Fulano de la colonia centro"),
        ("soy Xóchitl Barrón, no tengo agua", "soy Fulano, no tengo agua"),
        ("soy de Menchaca y no hay agua", "soy de Menchaca y no hay agua"),
        ("vivo en calle Hidalgo #12 int 3", "vivo en calle Tal #00 int 0"),
        ("mi rfc PESJ800101AB1", "mi rfc XXXX000000XX0"),
        ("el folio es CEA-48291", "el folio es CEA-00000"),
        ("debo 12,500.50 desde hace 3 meses", "debo 00,000.00 desde hace 3 meses"),
        ("tarjeta 4111-1111-1111-1111", "tarjeta 0000-0000-0000-0000"),
        ("hola maría ya no sirve la llave", "hola maría ya no sirve la llave"),
    ],
)
def test_what_says_who_wrote_it_is_taken_out(written: str, kept: str) -> None:
    assert MASKER.mask(written) == kept


def test_a_number_dictated_in_words_and_ones_own_name_go_too() -> None:
    text = "soy rosa de la taquería, el contrato es cuatro cinco cinco uno dos tres"
    at = text.index("cuatro")
    entities = [{"entity": "contract_number", "value": "455123", "start": at, "end": len(text)}]
    assert MASKER.mask(text, entities, "Rosa Taquería") == "soy Fulano de la Fulano, el contrato es 000000"


async def keep(review: Review, turn: str, text: str, name: str | None = None, **more: object) -> None:
    async with review.database.begin() as session:
        await review.keep(session, turn, heard(text, **more), name)


async def test_a_turn_is_kept_once_masked_and_without_a_way_back(database: Database) -> None:
    review = Review(database, Clock(), days=60)
    for _ in range(2):
        await keep(review, "contact7:1-1", "soy Beto, contrato 455123 " + "x" * 900, "Beto")
    [message] = await review.waiting()
    assert message.text.startswith("soy Fulano, contrato 000000 x")
    assert len(message.text) == service.LONGEST
    assert message.ranking == (("bill_request", 0.41), ("balance_inquiry", 0.3))
    async with database.read() as session:
        stored = str((await session.execute(service.select(service.UnclearRow.key))).all())
    assert "contact7" not in stored


async def test_nothing_is_kept_where_that_is_switched_off(sqlite: Database) -> None:
    review = Review(sqlite, Clock(), days=0)
    await keep(review, "t", "algo raro")
    assert await review.waiting() == []


async def test_settled_messages_leave_the_list_and_come_back(database: Database) -> None:
    review = Review(database, Clock(), days=60)
    await keep(review, "a", "uno")
    await keep(review, "b", "dos")
    newest, oldest = await review.waiting()
    await review.settle(newest.id, "labelled", "greet", "dos")
    assert [m.text for m in await review.waiting()] == ["uno"]
    assert (await review.get(newest.id)).written == "dos"
    await review.settle(newest.id, "open")
    assert [m.id for m in await review.waiting()] == [newest.id, oldest.id]
    with pytest.raises(NotFound):
        await review.settle(999, "ignored")


async def test_old_and_surplus_messages_are_dropped(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    review = Review(database, clock, days=60)
    await keep(review, "old", "viejo")
    clock.offset = timedelta(days=61)
    for number in range(4):
        await keep(review, f"new{number}", f"nuevo {number}")
    monkeypatch.setattr(service, "MOST_KEPT", 3)
    assert await review.drop_older() == 2
    assert [m.text for m in await review.waiting()] == ["nuevo 3", "nuevo 2", "nuevo 1"]
