"""What a step says to Rasa: plain text, or an intent with its entities. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from channels.turns.lexicon import Lexicon
from channels.turns.steps import Step
from services.messaging.inbound import Inbound, Kind

PAYLOAD = re.compile(r"^/([a-z][a-z0-9_]{0,63})\s*(\{.*\})?$", re.DOTALL)
NAME = re.compile(r"^[a-z][a-z0-9_]{0,63}$")
COMMAND = re.compile(r"^[\s/]+")
SKIN = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")

SHORT_KEY = "#"  # an option id too long for a channel travels as a short key

SHARES = {
    Kind.IMAGE: "share_image",
    Kind.DOCUMENT: "share_document",
    Kind.AUDIO: "share_audio",
    Kind.VIDEO: "share_video",
}
PLAIN = {Kind.STICKER: "share_sticker", Kind.FORM: "share_form", Kind.UNSUPPORTED: "share_unsupported"}


@dataclass(frozen=True)
class Say:
    """What Rasa is told."""

    text: str | None = None
    intent: str | None = None
    entities: dict[str, Any] = field(default_factory=dict)
    media: tuple[str, ...] = ()
    rest: str = ""  # of a huge text: read for danger only


@dataclass(frozen=True)
class Fetched:
    """What became of a medium: our id, or why there is none."""

    media_id: str | None = None
    error: str | None = None


def typed(text: str, most: int) -> Say | None:
    """Typed text: cut when too long, without the power of a leading slash; None when nothing is left."""
    words = COMMAND.sub("", text).strip()
    return Say(text=words[:most], rest=words[most:]) if words else None


def intent_of(tap_id: str) -> str | None:
    """The intent that a tap names; None for what is none of ours."""
    found = PAYLOAD.match(tap_id)
    return found[1] if found else None


def tapped(tap_id: str, title: str | None, most: int) -> Say | None:
    """A tap's `/intent{json}` as intent and entities; anything else is its title, as if typed."""
    found = PAYLOAD.match(tap_id)
    if found:
        entities = _entities(found[2])
        if entities is not None:
            return Say(text=title, intent=found[1], entities=entities)
    return typed(title or tap_id, most)


def _entities(raw: str | None) -> dict[str, Any] | None:
    try:
        given = json.loads(raw) if raw else {}
    except ValueError:
        return None
    plain = isinstance(given, dict) and all(
        NAME.match(name) and isinstance(value, str | int | float | bool) for name, value in given.items()
    )
    return given if plain else None


def shared(step: Step, fetched: Fetched, most: int) -> Say | None:
    """A file, place, card, form or sticker; None for what is no turn."""
    message = step.first
    caption = {"caption": message.text[:most]} if message.text else {}
    if message.kind in SHARES:
        media = {"media": fetched.media_id} if fetched.media_id else {"media_error": fetched.error or "unavailable"}
        ids = (fetched.media_id,) if fetched.media_id else ()
        return Say(intent=SHARES[message.kind], entities={**media, **caption}, media=ids)
    if message.kind is Kind.LOCATION:
        place = {"place_name": message.place_name} if message.place_name else {}
        point = {"latitude": message.latitude, "longitude": message.longitude}
        return Say(intent="share_location", entities={**point, **place})
    if message.kind is Kind.CONTACTS:
        phone = {"phone": message.shared_phone} if message.shared_phone else {}
        return Say(intent="share_contact", entities=phone)
    if message.kind in PLAIN:
        return Say(intent=PLAIN[message.kind])
    return None


def reacted(message: Inbound, to_last: bool, lexicon: Lexicon) -> Say | None:
    """A thumb on María's last question is a yes or a no; other reactions say nothing."""
    emoji = SKIN.sub("", message.emoji or "")
    if not to_last or not emoji:
        return None
    if emoji in lexicon.yes_emojis:
        return Say(intent="affirm")
    return Say(intent="deny") if emoji in lexicon.no_emojis else None
