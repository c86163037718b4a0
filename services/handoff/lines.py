"""Stored messages in the words of the desk: what is no text is described, buttons are written out. Pure."""

from __future__ import annotations

from typing import Any

from services.handoff.rules import Rules
from services.messaging.inbound import Inbound, Kind
from services.messaging.outbound import (
    OUTBOUND,
    Audio,
    Buttons,
    Document,
    Image,
    LinkButton,
    ListMenu,
    LocationRequest,
    Outbound,
    Place,
    Template,
    Video,
    options_of,
)

FILES = (Kind.IMAGE, Kind.DOCUMENT, Kind.AUDIO, Kind.VIDEO, Kind.STICKER)
LONGEST_QUOTE = 60
CHOICE = "▫️"


def map_link(latitude: float, longitude: float) -> str:
    """A map that opens anywhere."""
    return f"https://maps.google.com/?q={latitude:.5f},{longitude:.5f}"


def quote(text: str) -> str:
    """The beginning of a message, on one line."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_QUOTE else plain[: LONGEST_QUOTE - 1] + "…"


class Lines:
    """Uses the words of `note.kinds` in `data/knowledge/handoff.yml`."""

    def __init__(self, rules: Rules) -> None:
        self._kinds: dict[str, str] = rules.note["kinds"]

    def citizen(self, message: Inbound, *, has_file: bool, about: str = "") -> str:
        """What the citizen sent. `about`: the text of the message it reacts to; `has_file`: the file goes along."""
        kind, text = message.kind, message.text or ""
        if kind in (Kind.TEXT, Kind.TAP):
            return text or (message.tap_id or "")
        if kind is Kind.REACTION:
            return self._reaction(message.emoji or "", about)
        if kind is Kind.LOCATION:
            return self._place(message.latitude or 0.0, message.longitude or 0.0, message.place_name or "")
        if kind is Kind.CONTACTS:
            return f"{self._kinds['contacts']}: {message.shared_phone or ''}".rstrip(": ")
        if kind is Kind.FORM:
            return "\n".join([self._kinds["form"], *(f"{k}: {v}" for k, v in message.detail.items())])
        named = self._kinds.get(kind.value, self._kinds["unsupported"])
        if kind in FILES and not has_file:
            named = self._kinds["not_here"].format(kind=named)
        return f"{named}\n{text}".strip() if not has_file or kind is not Kind.DOCUMENT else text or named

    def _reaction(self, emoji: str, about: str) -> str:
        if not emoji:
            return self._kinds["reaction_gone"]
        key = "reaction_to" if about else "reaction"
        return self._kinds[key].format(emoji=emoji, text=quote(about))

    def _place(self, latitude: float, longitude: float, name: str) -> str:
        shown = f" ({name})" if name else ""
        return self._kinds["location"].format(link=map_link(latitude, longitude), name=shown)

    def maria(self, raw: dict[str, Any]) -> tuple[str, str | None]:
        """What was sent to the citizen, and the file it carried."""
        message: Outbound = OUTBOUND.validate_python(raw)
        if isinstance(message, Image | Document | Video):
            return message.caption or "", message.media
        if isinstance(message, Audio):
            return "", message.media
        if isinstance(message, Place):
            named = ", ".join(part for part in (message.name, message.address) if part)
            return self._place(message.latitude, message.longitude, named), None
        if isinstance(message, Template):
            values = ", ".join(message.parameters)
            return self._kinds["template"].format(name=message.name, values=values), None
        if isinstance(message, LocationRequest):
            return f"{message.body}\n{self._kinds['location_request']}", None
        if isinstance(message, LinkButton):
            return f"{message.body}\n{CHOICE} {message.title}", None  # never its address: it signs somebody in
        choices = [f"{CHOICE} {option.title}" for option in options_of(message)]
        file = (message.image or message.document) if isinstance(message, Buttons) else None
        footer = [message.footer] if isinstance(message, Buttons | ListMenu) and message.footer else []
        return "\n".join([message.body, *choices, *footer]), file
