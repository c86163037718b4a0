"""`data/texts.yml`: what a citizen reads outside Rasa's responses (SMS, e-mail, pictures, notices of the channel)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


class Texts:
    """Texts by key, with blanks."""

    def __init__(self, path: Path) -> None:
        self._texts: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))

    def get(self, key: str, **facts: object) -> str:
        """The text with its blanks filled.

        Raises:
            KeyError: there is no such key, or a blank is left.
        """
        return str(self._texts[key]).format(**facts)

    def table(self, key: str) -> dict[str, str]:
        """A group of texts, e.g. the labels of the errands."""
        return dict(self._texts[key])
