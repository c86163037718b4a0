"""Content types and the `items` that pass (agora.md 4.3)."""

from __future__ import annotations

from typing import Any

from sandbox.agora.access import Refusal

CONTENT_TYPES = (
    "text input_text input_textarea input_email input_select cards form article incoming_email input_csat "
    "integrations sticker voice_call"
).split()
KEYS: dict[str, set[str]] = {
    "input_select": {"title", "value"},
    "cards": {"title", "description", "media_url", "actions"},
    "article": {"title", "description", "link"},
    "form": {
        "name",
        "type",
        "label",
        "placeholder",
        "options",
        "default",
        "required",
        "pattern_error",
        "title",
        "value",
    },
}
ACTION_KEYS = {"type", "text", "uri", "payload"}


def check_items(kind: str, items: Any) -> None:
    """Refuse items with other keys.

    Raises:
        Refusal: 422.
    """
    if kind not in KEYS:
        return
    if not isinstance(items, list) or not items:
        raise _bad("At least one item is required.")
    for item in items:
        if not isinstance(item, dict) or not set(item) <= KEYS[kind]:
            raise _bad(f"Invalid keys for {kind}")
        if kind == "cards":
            _check_actions(item.get("actions"))


def _check_actions(actions: Any) -> None:
    if not isinstance(actions, list) or not actions:
        raise _bad("contains items missing required keys")
    for action in actions:
        if (
            not isinstance(action, dict)
            or not set(action) <= ACTION_KEYS
            or action.get("type") not in ("link", "postback")
        ):
            raise _bad("contains action items with invalid keys")


def _bad(words: str) -> Refusal:
    return Refusal(422, {"error": f"Validation failed: Content attributes {words}"})
