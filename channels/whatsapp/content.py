"""What one element of `messages[]` says (whatsapp.md section 2). Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from channels.whatsapp.reading import clean, items, mapping, number
from services.messaging.inbound import Kind, MediaPointer

Content = tuple[Kind, dict[str, Any]]
MOST = 65_536  # characters kept of any text; the turn cuts further
LONG_ID = 1024

MEDIA = {
    "image": Kind.IMAGE,
    "video": Kind.VIDEO,
    "document": Kind.DOCUMENT,
    "audio": Kind.AUDIO,
    "voice": Kind.AUDIO,
    "sticker": Kind.STICKER,
}
SILENT = frozenset({"edit", "revoke", "request_welcome", "ephemeral"})
NO_TURN = frozenset({"call_permission_reply", "payment_method", "payment_notification"})


def content_of(message: dict[str, Any]) -> Content:
    """The kind and the fields of our own message. What is unknown is `UNSUPPORTED`, never an error."""
    kind = clean(message.get("type"), 64) or _guess(message)
    if kind in SILENT:
        return Kind.IGNORED, {}
    if kind in MEDIA:
        return _media(kind, mapping(message.get(kind)))
    reader = READERS.get(kind)
    return reader(message) if reader else (Kind.UNSUPPORTED, {"detail": {"type": kind}})


def _guess(message: dict[str, Any]) -> str:
    """Old samples have no type (section 1.4)."""
    known = (*READERS, *MEDIA)
    return next((kind for kind in known if kind in message), "unknown")


def _cut(value: Any) -> str | None:
    text = clean(value)
    return text[:MOST] if text else None


def _text(message: dict[str, Any]) -> Content:
    body = _cut(mapping(message.get("text")).get("body"))
    return (Kind.TEXT, {"text": body}) if body else (Kind.IGNORED, {})


def _media(kind: str, part: dict[str, Any]) -> Content:
    media_id = clean(part.get("id"), 255)
    if not media_id:
        return Kind.UNSUPPORTED, {"detail": {"type": kind}}
    pointer = MediaPointer(
        provider_id=media_id,
        mime=clean(part.get("mime_type"), 100),
        filename=clean(part.get("filename"), 255),
        sha256=clean(part.get("sha256"), 100),
        voice=kind == "voice" or part.get("voice") is True,
    )
    return MEDIA[kind], {"media": pointer, "text": _cut(part.get("caption"))}


def _location(message: dict[str, Any]) -> Content:
    part = mapping(message.get("location"))
    latitude, longitude = number(part.get("latitude")), number(part.get("longitude"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return Kind.UNSUPPORTED, {"detail": {"type": "location"}}
    place = clean(part.get("name"), 200) or clean(part.get("address"), 200)
    return Kind.LOCATION, {"latitude": latitude, "longitude": longitude, "place_name": place}


def _contacts(message: dict[str, Any]) -> Content:
    for contact in items(message.get("contacts")):
        for phone in items(contact.get("phones")):
            shared = clean(phone.get("wa_id"), 40) or clean(phone.get("phone"), 40)
            digits = re.sub(r"\D", "", shared or "")
            if digits:
                return Kind.CONTACTS, {"shared_phone": digits, "detail": _origin(contact)}
    return Kind.CONTACTS, {}


def _origin(contact: dict[str, Any]) -> dict[str, str]:
    """`contact_request`: their own number, given because we asked for it."""
    origin = clean(contact.get("origin"), 40)
    return {"origin": origin} if origin else {}


def _interactive(message: dict[str, Any]) -> Content:
    part = mapping(message.get("interactive"))
    kind = part.get("type")
    if kind in NO_TURN:
        return Kind.IGNORED, {}
    if kind == "nfm_reply" or "nfm_reply" in part:
        return _form(mapping(part.get("nfm_reply")))
    choice = mapping(part.get("button_reply")) or mapping(part.get("list_reply"))
    return _tap(choice.get("id"), choice.get("title"), str(kind))


def _button(message: dict[str, Any]) -> Content:
    part = mapping(message.get("button"))
    return _tap(part.get("payload"), part.get("text"), "button")


def _tap(option: Any, title: Any, kind: str) -> Content:
    tap_id, text = clean(option, LONG_ID), _cut(title)
    if tap_id:
        return Kind.TAP, {"tap_id": tap_id, "text": text}
    return (Kind.TEXT, {"text": text}) if text else (Kind.UNSUPPORTED, {"detail": {"type": kind}})


def _form(part: dict[str, Any]) -> Content:
    """A finished form; its answers come as a string that may be anything."""
    try:
        answers = json.loads(part.get("response_json") or "{}")
    except (TypeError, ValueError, RecursionError):
        answers = {}
    plain = {
        str(clean(key, 60)): text
        for key, value in mapping(answers).items()
        if clean(key, 60) and (text := clean(value, 500))
    }
    return Kind.FORM, {"detail": plain}


def _reaction(message: dict[str, Any]) -> Content:
    part = mapping(message.get("reaction"))
    return Kind.REACTION, {
        "emoji": clean(part.get("emoji"), 40),
        "reply_to": clean(part.get("message_id"), 255),
    }


def _order(message: dict[str, Any]) -> Content:
    text = _cut(mapping(message.get("order")).get("text"))
    return (Kind.TEXT, {"text": text}) if text else (Kind.UNSUPPORTED, {"detail": {"type": "order"}})


def _system(message: dict[str, Any]) -> Content:
    return Kind.SYSTEM, {"detail": {"type": clean(mapping(message.get("system")).get("type"), 60) or ""}}


def _unsupported(message: dict[str, Any]) -> Content:
    part = mapping(message.get("unsupported"))
    return Kind.UNSUPPORTED, {"detail": {"type": clean(part.get("type"), 60) or "unknown"}}


READERS: dict[str, Callable[[dict[str, Any]], Content]] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "reaction": _reaction,
    "order": _order,
    "system": _system,
    "unsupported": _unsupported,
    "unknown": _unsupported,
}
