"""Rasa's replies as our own messages. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from channels.turns.lexicon import Lexicon
from services.messaging.events import Event
from services.messaging.outbound import (
    Buttons,
    Document,
    Image,
    LinkButton,
    ListMenu,
    LocationRequest,
    Option,
    Outbound,
    Place,
    Section,
    Text,
)

MOST_BUTTONS, MOST_ROWS = 3, 10


def to_messages(replies: Sequence[Mapping[str, Any]], lexicon: Lexicon) -> list[Outbound]:
    """Every reply as one message, seldom two; an empty one is nothing."""
    return [message for reply in replies for message in _messages(reply, lexicon)]


def to_events(replies: Sequence[Mapping[str, Any]], turn_id: str) -> list[Event]:
    """What an action wants to come back to once the citizen has its first answer (`Conversation.later`)."""
    return [
        Event(f"{turn_id}:{custom['event']}", str(custom["event"]), custom.get("entities") or {})
        for custom in (reply.get("custom") or {} for reply in replies)
        if custom.get("kind") == "later"
    ]


def to_told(replies: Sequence[Mapping[str, Any]], what: str) -> list[str]:
    """What these replies tell the citizen about (`Conversation.tells`)."""
    found = (reply.get("custom") or {} for reply in replies)
    return [str(c["about"]) for c in found if c.get("kind") == "tells" and c.get("what") == what]


def to_unclear(replies: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """What María did not understand of this turn (`bot/channel/unclear.py`), if so."""
    found = (reply.get("custom") or {} for reply in replies)
    return next((custom for custom in found if custom.get("kind") == "unclear"), None)


def to_heard(replies: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """What the turn was taken for (`bot/channel/heard.py`)."""
    found = (reply.get("custom") or {} for reply in replies)
    return next((custom for custom in found if custom.get("kind") == "heard"), None)


def _messages(reply: Mapping[str, Any], lexicon: Lexicon) -> list[Outbound]:
    custom = reply.get("custom") or {}
    text = str(reply.get("text") or custom.get("text") or "").strip()
    options = _options(reply.get("buttons") or ())
    special = _special(custom, text)
    if isinstance(special, LocationRequest) and options:  # it has a button of its own and room for no other
        return [special, _choice(lexicon.otherwise, options, custom, lexicon)]
    if special is not None:
        return [special]
    image, document = _id(reply.get("image")), _id(reply.get("attachment"))
    if options:
        return _file_and_choice(_choice(text or lexicon.choose, options, custom, lexicon), image, document)
    if document:
        return [Document(media=document, caption=text or None)]
    if image:
        return [Image(media=image, caption=text or None)]
    footer = custom.get("footer")
    return [Text(body=f"{text}\n\n{footer}" if footer else text)] if text else []


def _options(buttons: Sequence[Mapping[str, Any]]) -> tuple[Option, ...]:
    """Buttons with a title; the same title or payload twice is one choice."""
    seen: set[str] = set()
    found = []
    for button in buttons:
        title = str(button.get("title") or "").strip()
        payload = str(button.get("payload") or title).strip()
        if not title or seen & {title, payload}:
            continue
        seen |= {title, payload}
        found.append(Option(id=payload, title=title, description=button.get("description") or None))
    return tuple(found)


def _id(value: Any) -> str | None:
    return str(value) if value else None


def _choice(text: str, options: tuple[Option, ...], custom: Mapping[str, Any], lexicon: Lexicon) -> Buttons | ListMenu:
    """Up to three choices are buttons; more, or where a list is asked for, a list of at most ten."""
    footer = custom.get("footer")
    if len(options) <= MOST_BUTTONS and not custom.get("list_button"):
        return Buttons(body=text, options=options, footer=footer)
    button = str(custom.get("list_button") or lexicon.list_button)
    return ListMenu(body=text, button=button, sections=(Section(options=options[:MOST_ROWS]),), footer=footer)


def _file_and_choice(choice: Buttons | ListMenu, image: str | None, document: str | None) -> list[Outbound]:
    """Buttons carry a picture or a document on top; a list cannot, so the file goes first."""
    if isinstance(choice, Buttons):
        return [choice.model_copy(update={"image": image, "document": document})]
    file: list[Outbound] = [Document(media=document)] if document else [Image(media=image)] if image else []
    return [*file, choice]


def _special(custom: Mapping[str, Any], text: str) -> Outbound | None:
    """What Rasa's own reply format has no field for."""
    kind = custom.get("kind")
    if kind == "location_request" and text:
        return LocationRequest(body=text)
    if kind == "link" and text:
        return LinkButton(body=text, title=custom["title"], url=custom["url"], footer=custom.get("footer"))
    if kind == "place":
        return Place(
            latitude=float(custom["latitude"]),
            longitude=float(custom["longitude"]),
            name=str(custom.get("name") or ""),
            address=str(custom.get("address") or ""),
        )
    return None
