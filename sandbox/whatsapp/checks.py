"""What the Graph API refuses, with its own codes (whatsapp.md sections 4 to 7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class GraphError(Exception):
    """Answered in Meta's error envelope."""

    def __init__(self, code: int, details: str, status: int = 400) -> None:
        super().__init__(details)
        self.code, self.details, self.status = code, details, status

    def body(self) -> dict[str, Any]:
        """The envelope."""
        return {
            "error": {
                "message": f"(#{self.code}) {self.details}",
                "type": "OAuthException",
                "code": self.code,
                "error_data": {"messaging_product": "whatsapp", "details": self.details},
                "fbtrace_id": "AbCdEfGhIjK",
            }
        }


def units(text: str) -> int:
    """UTF-16 code units, the safe way to count (section 4)."""
    return len(text.encode("utf-16-le")) // 2


def need(body: Any, name: str) -> Any:
    """A required part."""
    if not isinstance(body, dict) or body.get(name) in (None, "", [], {}):
        raise GraphError(131008, f"Required parameter is missing: {name}")
    return body[name]


def within(text: Any, limit: int, what: str) -> str:
    """A text of at most `limit` units."""
    if not isinstance(text, str):
        raise GraphError(100, f"Invalid parameter: {what} must be a string")
    if not 0 < units(text) <= limit:
        raise GraphError(131009, f"Parameter value is not valid: {what} length must be between 1 and {limit}")
    return text


def distinct(values: list[str], what: str) -> None:
    """No two alike."""
    if len(set(values)) != len(values):
        raise GraphError(131009, f"Parameter value is not valid: duplicated {what}")


def check_text(body: dict[str, Any]) -> None:
    """1 to 4096."""
    within(need(need(body, "text"), "body"), 4096, "text.body")


def check_media(kind: str) -> Callable[[dict[str, Any]], None]:
    """Exactly one of link and id; caption up to 1024, none on audio and sticker."""

    def check(body: dict[str, Any]) -> None:
        part = need(body, kind)
        if ("link" in part) == ("id" in part):
            raise GraphError(100, f"Invalid parameter: {kind} needs exactly one of id or link")
        if "caption" in part:
            if kind in ("audio", "sticker"):
                raise GraphError(100, f"Invalid parameter: {kind} takes no caption")
            within(part["caption"], 1024, "caption")

    return check


def check_location(body: dict[str, Any]) -> None:
    """On this planet."""
    place = need(body, "location")
    try:
        latitude, longitude = float(place["latitude"]), float(place["longitude"])
    except (KeyError, TypeError, ValueError) as error:
        raise GraphError(131008, "Required parameter is missing: latitude, longitude") from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise GraphError(131009, "Parameter value is not valid: location")


def check_reaction(body: dict[str, Any]) -> None:
    """Which message."""
    need(need(body, "reaction"), "message_id")


def check_interactive(body: dict[str, Any]) -> None:
    """Buttons, list, link or location request."""
    part = need(body, "interactive")
    kind = need(part, "type")
    if kind not in INTERACTIVE:
        raise GraphError(100, f"Invalid parameter: interactive type {kind}")
    within(need(need(part, "body"), "text"), 1024, "body.text")
    if "footer" in part:
        within(need(part["footer"], "text"), 60, "footer.text")
    if "header" in part:
        _check_header(kind, part["header"])
    INTERACTIVE[kind](need(part, "action"))


def _check_header(kind: str, header: dict[str, Any]) -> None:
    if kind == "location_request_message":
        raise GraphError(100, "Invalid parameter: header not allowed")
    form = need(header, "type")
    if form == "text":
        within(need(header, "text"), 60, "header.text")
    elif kind == "list":
        raise GraphError(100, "Invalid parameter: list header must be text")
    elif form in ("image", "document", "video"):
        check_media(form)(header)
    else:
        raise GraphError(100, "Invalid parameter: header type")


def _check_buttons(action: dict[str, Any]) -> None:
    buttons = need(action, "buttons")
    if not 1 <= len(buttons) <= 3:
        raise GraphError(131009, "Parameter value is not valid: between 1 and 3 buttons")
    replies = [need(b, "reply") for b in buttons]
    for reply in replies:
        within(need(reply, "title"), 20, "button title")
        if within(need(reply, "id"), 256, "button id") != reply["id"].strip():
            raise GraphError(131009, "Parameter value is not valid: button id has leading or trailing spaces")
    distinct([r["title"] for r in replies], "button titles")
    distinct([r["id"] for r in replies], "button ids")


def _check_list(action: dict[str, Any]) -> None:
    within(need(action, "button"), 20, "action.button")
    sections = need(action, "sections")
    rows = [row for section in sections for row in need(section, "rows")]
    if len(sections) > 10 or len(rows) > 10:
        raise GraphError(131009, "Parameter value is not valid: total row count exceeds 10")
    for section in sections:
        if len(sections) > 1 or section.get("title"):
            within(need(section, "title"), 24, "section title")
    for row in rows:
        within(need(row, "id"), 200, "row id")
        within(need(row, "title"), 24, "row title")
        if row.get("description"):
            within(row["description"], 72, "row description")
    distinct([r["id"] for r in rows], "row ids")


def _check_link(action: dict[str, Any]) -> None:
    parameters = need(action, "parameters")
    within(need(parameters, "display_text"), 20, "display_text")
    if not str(need(parameters, "url")).startswith(("http://", "https://")):
        raise GraphError(131009, "Parameter value is not valid: url")


def _check_location_request(action: dict[str, Any]) -> None:
    if need(action, "name") != "send_location":
        raise GraphError(131009, "Parameter value is not valid: action.name")


INTERACTIVE: dict[str, Callable[[dict[str, Any]], None]] = {
    "button": _check_buttons,
    "list": _check_list,
    "cta_url": _check_link,
    "location_request_message": _check_location_request,
}

CHECKS: dict[str, Callable[[dict[str, Any]], None]] = {
    "text": check_text,
    "location": check_location,
    "reaction": check_reaction,
    "interactive": check_interactive,
    "contacts": lambda body: None if need(body, "contacts") else None,
    **{kind: check_media(kind) for kind in ("image", "document", "audio", "video", "sticker")},
}
