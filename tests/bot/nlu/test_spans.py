import pytest

from bot.nlu.entities.extract import extract
from tests.bot.nlu.test_spanish import noise


@pytest.mark.parametrize("seed", range(10))
def test_spans_lie_in_the_text_whatever_it_is(gazetteer, seed):
    for n in range(100):
        text = noise(seed * 100 + n) + " contrato " + noise(n)
        for found in extract(text, gazetteer):
            assert 0 <= found.start < found.end <= len(text)


def test_spans_are_of_the_original_text(gazetteer):
    text = "Holaaaa 😀 no ay  awa en JURIKIYA, contrato 455 123"
    said = {f.entity: text[f.start : f.end] for f in extract(text, gazetteer)}
    assert said["zone"] == "JURIKIYA"
    assert said["contract_number"] == "455 123"


def test_a_very_long_message_is_read(gazetteer):
    assert extract("no hay agua en juriquilla " + "bla bla 12 " * 2000, gazetteer)
