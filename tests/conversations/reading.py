"""What a citizen sees of a Graph API body: its text, its choices, its kind."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

TEMPLATES = Path(__file__).parents[2] / "data/templates/whatsapp.yml"


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
    if body["type"] == "template":
        return _filled(body["template"])
    return str(body.get(body["type"], {}).get("caption", ""))


def choices(body: dict[str, Any]) -> list[dict[str, str]]:
    """`{"id", "title"}` of each button or row."""
    if body["type"] == "template":
        return _quick_replies(body["template"])
    action = body.get("interactive", {}).get("action", {})
    rows = [r for section in action.get("sections", []) for r in section["rows"]]
    return [b["reply"] for b in action.get("buttons", [])] + [{"id": r["id"], "title": r["title"]} for r in rows]


@cache
def _template(name: str) -> dict[str, Any]:
    listed = yaml.safe_load(TEMPLATES.read_text(encoding="utf-8"))["templates"]
    return next(entry for entry in listed if entry["name"] == name)


def _filled(sent: dict[str, Any]) -> str:
    """The template's words with its blanks filled."""
    words = str(_template(sent["name"])["body"])
    given = [c for c in sent["components"] if c["type"] == "body"]
    for place, parameter in enumerate(given[0]["parameters"] if given else [], start=1):
        words = words.replace(f"{{{{{place}}}}}", parameter["text"])
    return words


def _quick_replies(sent: dict[str, Any]) -> list[dict[str, str]]:
    titles = _template(sent["name"])["buttons"]
    taps = [c for c in sent["components"] if c["type"] == "button"]
    return [{"id": tap["parameters"][0]["payload"], "title": titles[int(tap["index"])]} for tap in taps]
