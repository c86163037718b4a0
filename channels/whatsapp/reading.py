"""Reading JSON that may be of any shape. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

MILLISECONDS = 10**11  # a bigger timestamp is in milliseconds (whatsapp.md section 1.4)


def mapping(value: Any) -> dict[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list; whatever else is in it is passed over."""
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())


def clean(value: Any, most: int | None = None) -> str | None:
    """A text that every database can hold: no NUL, no half of a surrogate pair. None when empty or too long."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    text = value.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
    return text if text and (most is None or len(text) <= most) else None


def number(value: Any) -> float | None:
    """A finite number, also one written as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if abs(found) < 1e15 else None


def moment(value: Any, otherwise: datetime) -> datetime:
    """Unix seconds (or milliseconds) as text or number; `otherwise` for anything else."""
    seconds = number(value)
    if seconds is None or seconds <= 0:
        return otherwise
    seconds = seconds / 1000 if seconds > MILLISECONDS else seconds
    return datetime.fromtimestamp(seconds, UTC) if seconds < MILLISECONDS else otherwise
