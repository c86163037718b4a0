"""The very first reply says who is speaking, in the same bubble as the answer."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.domain import Domain

INTRODUCTION = "utter_introduction"
INTRODUCES = "introduces"  # a response's own `metadata` in data/responses


def introduce(replies: list[dict[str, Any]], domain: Domain, metadata: dict[str, Any]) -> list[dict[str, Any]]:
    """Put the introduction before the first text a new contact gets, unless that response introduces her itself."""
    if not metadata.get("first_contact") or not replies:
        return replies
    wordings = domain.responses.get(INTRODUCTION) or []
    name = str(wordings[0]["text"]) if wordings else ""
    first = next((i for i, reply in enumerate(replies) if reply.get("text")), None)
    if not name or first is None or (replies[first].get("metadata") or {}).get(INTRODUCES):
        return replies
    spoken = {**replies[first], "text": f"{name}\n{replies[first]['text']}"}
    return [*replies[:first], spoken, *replies[first + 1 :]]
