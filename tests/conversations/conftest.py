from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.system.maria import Maria


@pytest.fixture(scope="session")
def maria(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maria]:
    running = Maria.start(tmp_path_factory.mktemp("maria"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def marias_own_time(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maria]:
    """Where days may pass."""
    running = Maria.start(tmp_path_factory.mktemp("maria_time"))
    yield running
    running.stop()
