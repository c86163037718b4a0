"""`data/texts.yml`: what a citizen reads outside Rasa's responses (SMS, e-mail, pictures, notices of the channel)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

USTED = "usted"


def wording(value: Any, register: str) -> str:
    """A text that is the same for all, or the one of `{usted: …, tu: …}` that is asked for."""
    return str(value[register] if isinstance(value, Mapping) else value)


class Texts:
    """Texts by key, with blanks."""

    def __init__(self, path: Path) -> None:
        self._texts: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))

    def get(self, key: str, register: str = USTED, **facts: object) -> str:
        """The text with its blanks filled; where there is one for *usted* and one for *tú*, the one asked for.

        Raises:
            KeyError: there is no such key, or a blank is left.
        """
        return wording(self._texts[key], register).format(**facts)

    def table(self, key: str) -> dict[str, str]:
        """A group of texts, e.g. the labels of the errands."""
        return dict(self._texts[key])
