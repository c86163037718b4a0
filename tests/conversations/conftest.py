"""One María for all; `ONLY=words` plays the conversations that have these words in their name."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from services.spelling import fold
from tests.system.maria import Maria


@pytest.fixture(scope="session")
def maria(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maria]:
    # people answer in AGORA, and what is out since three hours is out, whenever the tests run
    running = Maria.start(tmp_path_factory.mktemp("maria"), SANDBOX_OPENS_AT="10")
    yield running
    running.stop()


class OwnTime:
    """A María for each file in which days pass, one at a time, and always from the morning on."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders, self._file = folders, ""
        self._running: Maria | None = None

    def of(self, file: str) -> Maria:
        """The one of this file: as its earlier conversations left it."""
        if self._running is None or file != self._file:
            self.stop()
            self._file, self._running = file, Maria.start(self._folders.mktemp(file), SANDBOX_OPENS_AT="10")
        return self._running

    def stop(self) -> None:
        if self._running is not None:
            self._running.stop()
        self._running = None


@pytest.fixture(scope="module")
def own_time(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnTime]:
    """Where days may pass. María does not write about money at night."""
    made = OwnTime(tmp_path_factory)
    yield made
    made.stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what ONLY does not name, accents and capitals aside."""
    only = fold(os.environ.get("ONLY", "").strip())
    left_out = [i for i in items if only and (name := _name(i)) is not None and only not in fold(name)]
    if left_out and len(left_out) == sum(_name(i) is not None for i in items):
        raise pytest.UsageError(f"ninguna conversación de tests/conversations/ tiene «{only}» en su nombre")
    config.hook.pytest_deselected(items=left_out)
    items[:] = [i for i in items if i not in left_out]


def _name(item: pytest.Item) -> str | None:
    callspec = getattr(item, "callspec", None)
    conversation = callspec.params.get("conversation") if callspec else None
    return str(conversation["conversation"]) if isinstance(conversation, dict) else None
