"""Reading a JSON object the strict way the Graph API does: wrong types, lengths and unknown keys are refused."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from sandbox.whatsapp.errors import GraphError


def units(text: str) -> int:
    """Length in UTF-16 units; an emoji counts two (reference/whatsapp.md, section 4, "Length unit")."""
    return len(text.encode("utf-16-le")) // 2


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class Shape:
    """One JSON object and where it stands. `invalid` is the code for values out of bounds (100 or 131009)."""

    def __init__(self, value: Any, path: str, invalid: int = 131009) -> None:
        if not isinstance(value, dict):
            raise GraphError(100, f"{path} must be an object")
        self.value: dict[str, Any] = value
        self.path = path
        self.invalid = invalid

    def __contains__(self, key: str) -> bool:
        return key in self.value

    def at(self, key: str) -> str:
        """The path of a key, the way Meta writes it: `text['body']`."""
        return f"{self.path}['{key}']"

    def refuse(self, key: str, why: str) -> GraphError:
        """The error for a bad value at `key`."""
        return GraphError(self.invalid, f"Param {self.at(key)} {why}")

    def only(self, *keys: str) -> Shape:
        """Refuse any other key (100)."""
        for key in self.value:
            if key not in keys:
                raise GraphError(100, f'Unexpected key "{key}" on param {self.path!r}.')
        return self

    def need(self, key: str) -> Any:
        """A value that must be there (131008)."""
        if self.value.get(key) is None:
            raise GraphError(131008, f"The parameter {self.at(key)} is required.")
        return self.value[key]

    def text(self, key: str, most: int, *, required: bool = True) -> str | None:
        """A text of 1 to `most` UTF-16 units."""
        if not required and self.value.get(key) is None:
            return None
        value = self.need(key)
        if not isinstance(value, str):
            raise GraphError(100, f"Param {self.at(key)} must be a string.")
        if not value.strip():
            raise self.refuse(key, "must not be empty.")
        if units(value) > most:
            raise self.refuse(key, f"must be at most {most} characters long.")
        return value

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        """One of a few words (100 for another)."""
        value = self.need(key)
        if value not in allowed:
            raise GraphError(100, f"Param {self.at(key)} must be one of {{{', '.join(allowed)}}} - got {value!r}.")
        return str(value)

    def flag(self, key: str) -> None:
        """An optional true or false."""
        if not isinstance(self.value.get(key, False), bool):
            raise GraphError(100, f"Param {self.at(key)} must be a boolean.")

    def number(self, key: str, low: float, high: float) -> float:
        """A number between two bounds."""
        value = self.need(key)
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                raise self.refuse(key, "must be a number.") from None
        if not _is_number(value) or not low <= value <= high:
            raise self.refuse(key, f"must be between {low} and {high}.")
        return float(value)

    def child(self, key: str) -> Shape:
        """An object that must be there."""
        return Shape(self.need(key), self.at(key), self.invalid)

    def children(self, key: str, low: int, high: int) -> list[Shape]:
        """A list of `low` to `high` objects."""
        value = self.need(key)
        if not isinstance(value, list):
            raise GraphError(100, f"Param {self.at(key)} must be an array.")
        if not low <= len(value) <= high:
            raise self.refuse(key, f"has {len(value)} items. Min allowed: {low}, Max allowed: {high}.")
        return [Shape(item, f"{self.at(key)}[{i}]", self.invalid) for i, item in enumerate(value)]

    def url(self, key: str) -> str:
        """An absolute http(s) address."""
        value = self.text(key, 2000) or ""
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise self.refuse(key, "is not a valid URI.")
        return value
