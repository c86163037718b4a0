"""What a citizen sees of a Graph API body: its text, its choices, its kind."""

from __future__ import annotations

from typing import Any


def kind(body: dict[str, Any]) -> str:
    """text, buttons, list, link, location_request, image, document, template; `image+buttons` and the like."""
    if body["type"] != "interactive":
        return str(body["type"])
    part = body["interactive"]
    names = {"button": "buttons", "list": "list", "cta_url": "link", "location_request_message": "location_request"}
    top = part.get("header", {}).get("type")
    return f"{top}+{names[part['type']]}" if top in ("image", "document") else names[part["type"]]


def text(body: dict[str, Any]) -> str:
    """Every word of it."""
    if body["type"] == "text":
        return str(body["text"]["body"])
    if body["type"] == "interactive":
        return str(body["interactive"]["body"]["text"])
    return str(body.get(body["type"], {}).get("caption", ""))


def choices(body: dict[str, Any]) -> list[dict[str, str]]:
    """`{"id", "title"}` of each button or row."""
    action = body.get("interactive", {}).get("action", {})
    rows = [r for section in action.get("sections", []) for r in section["rows"]]
    return [b["reply"] for b in action.get("buttons", [])] + [{"id": r["id"], "title": r["title"]} for r in rows]
