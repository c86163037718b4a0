"""What Rasa says it did not understand is kept masked, in the transaction that closes the turn."""

from services.review.service import Review
from tests.channels.conftest import ROSA, Town, body_of

TEXT = "soy Rosa, y el 455123 ese qué onda"
HEARD = {
    "kind": "unclear",
    "reason": "missed",
    "words": TEXT,
    "ranking": [{"name": "bill_request", "confidence": 0.31}],
    "entities": [{"entity": "contract_number", "value": "455123", "start": 15, "end": 21}],
}


async def test_a_missed_message_is_kept_masked_and_the_citizen_sees_nothing_of_it(town: Town) -> None:
    town.rasa.script[TEXT] = [{"text": "No le entendí bien."}, {"custom": HEARD}]
    await town.citizen(text=TEXT)
    assert [body_of(m) for m in await town.wait(1)] == ["No le entendí bien."]
    await town.citizen(ROSA, text="hola")
    await town.wait(2)
    [kept] = await Review(town.parts.database, town.parts.clock, 60).waiting()
    assert (kept.text, kept.reason) == ("soy Fulano, y el 000000 ese qué onda", "missed")
