import pytest

from bot.nlu.entities.extract import extract
from bot.nlu.entities.gazetteer import read_gazetteer


@pytest.fixture(scope="session")
def gazetteer():
    return read_gazetteer()


@pytest.fixture
def found(gazetteer):
    """All (entity, value) pairs of a text."""
    return lambda text: {(f.entity, f.value) for f in extract(text, gazetteer)}
