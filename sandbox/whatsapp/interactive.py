"""Checks on interactive messages: reply buttons, list, link button, location request, flow (section 4)."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.whatsapp.content import check_media
from sandbox.whatsapp.errors import GraphError
from sandbox.whatsapp.media import MediaStore
from sandbox.whatsapp.shape import Shape

BODY = 1024
SMALL = 60
MEDIA_HEADERS = ("image", "video", "document")
MARKS = ("*", "_", "~", "`")


def check_interactive(message: Shape, store: MediaStore) -> None:
    """Dispatch on `interactive.type`; an unknown one is 100."""
    interactive = message.child("interactive")
    kind = interactive.choice("type", tuple(_CHECKS))
    interactive.child("body").only("text").text("text", BODY)
    _CHECKS[kind](interactive, store)


def _frame(interactive: Shape, store: MediaStore, *, header: tuple[str, ...], footer: bool = True) -> None:
    parts = ["type", "body", "action", *(["header"] if header else []), *(["footer"] if footer else [])]
    interactive.only(*parts)
    if "footer" in interactive:
        interactive.child("footer").only("text").text("text", SMALL)
    if "header" not in interactive:
        return
    head = interactive.child("header")
    kind = head.choice("type", header)
    head.only("type", kind, *(["sub_text"] if kind == "text" else []))
    if kind == "text":
        head.text("text", SMALL)
    else:
        check_media(head.child(kind), kind, store)


def _unique(values: list[str], what: str) -> None:
    if len(set(values)) != len(values):
        raise GraphError(131009, f"Duplicated {what}: {', '.join(values)}.")


def _identifier(shape: Shape, most: int) -> str:
    value = shape.text("id", most) or ""
    if value != value.strip():
        raise shape.refuse("id", "must not begin or end with a space.")
    return value


def _buttons(interactive: Shape, store: MediaStore) -> None:
    _frame(interactive, store, header=("text", *MEDIA_HEADERS))
    ids, titles = [], []
    for button in interactive.child("action").only("buttons").children("buttons", 1, 3):
        button.only("type", "reply").choice("type", ("reply",))
        reply = button.child("reply").only("id", "title")
        title = reply.text("title", 20) or ""
        if any(mark in title for mark in MARKS):
            raise reply.refuse("title", "must not hold formatting.")
        ids.append(_identifier(reply, 256))
        titles.append(title)
    _unique(ids, "button ids")
    _unique(titles, "button titles")


def _list(interactive: Shape, store: MediaStore) -> None:
    _frame(interactive, store, header=("text",))
    action = interactive.child("action").only("button", "sections")
    action.text("button", 20)
    sections = action.children("sections", 1, 10)
    ids: list[str] = []
    for section in sections:
        section.only("title", "rows").text("title", 24, required=len(sections) > 1)
        ids += [_row(row) for row in section.children("rows", 1, 10)]
    if len(ids) > 10:
        raise GraphError(131009, f"Total row count exceeds the maximum: {len(ids)}. Max allowed: 10.")
    _unique(ids, "row ids")


def _row(row: Shape) -> str:
    row.only("id", "title", "description").text("title", 24)
    if row.value.get("description") not in (None, ""):
        row.text("description", 72)
    return _identifier(row, 200)


def _link(interactive: Shape, store: MediaStore) -> None:
    _frame(interactive, store, header=("text", *MEDIA_HEADERS))
    action = interactive.child("action").only("name", "parameters")
    action.choice("name", ("cta_url",))
    parameters = action.child("parameters").only("display_text", "url")
    parameters.text("display_text", 20)
    parameters.url("url")


def _location(interactive: Shape, store: MediaStore) -> None:
    _frame(interactive, store, header=(), footer=False)
    interactive.child("action").only("name").choice("name", ("send_location",))


def _flow(interactive: Shape, store: MediaStore) -> None:
    _frame(interactive, store, header=("text", *MEDIA_HEADERS))
    action = interactive.child("action").only("name", "parameters")
    action.choice("name", ("flow",))
    p = action.child("parameters").only(
        "flow_message_version",
        "flow_id",
        "flow_name",
        "flow_token",
        "flow_cta",
        "mode",
        "flow_action",
        "flow_action_payload",
    )
    p.choice("flow_message_version", ("3",))
    p.text("flow_cta", 20)
    if ("flow_id" in p) == ("flow_name" in p):
        raise GraphError(131009, "Exactly one of flow_id and flow_name is needed.")
    moves = p.value.get("flow_action", "navigate")
    if moves == "data_exchange" and "flow_action_payload" in p:
        raise p.refuse("flow_action_payload", "does not go with data_exchange.")
    if "flow_action_payload" in p:
        payload = p.child("flow_action_payload").only("screen", "data")
        payload.text("screen", 200)
        if payload.value.get("data", True) in ({}, None, ""):
            raise payload.refuse("data", "must not be empty.")


_CHECKS: dict[str, Callable[[Shape, MediaStore], None]] = {
    "button": _buttons,
    "list": _list,
    "cta_url": _link,
    "location_request_message": _location,
    "flow": _flow,
}
