from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.system.maria import Maria


@pytest.fixture(scope="session")
def maria(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maria]:
    running = Maria.start(tmp_path_factory.mktemp("maria"))
    running.let_it_be(9, until=16)  # people answer in AGORA, whenever the tests run
    yield running
    running.stop()


@pytest.fixture(scope="module")
def marias_own_time(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maria]:
    """Where days may pass."""
    running = Maria.start(tmp_path_factory.mktemp("maria_time"))
    yield running
    running.stop()
