"""What María can send. A channel renders these within its own limits; flow code never asks which channel it is.

`media` is the id of a row of the `media` table (see `services.messaging.media`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class Message(BaseModel):
    """Base of all outbound messages."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Message):
    """Plain text with WhatsApp's `*bold*`. `quote`: the provider's id of the message it answers."""

    kind: Literal["text"] = "text"
    body: str
    quote: str | None = None


class Option(Message):
    """A choice. `id` is what comes back when it is tapped: `/intent{"entity": "value"}`."""

    id: str
    title: str
    description: str | None = None


class Buttons(Message):
    """Up to three choices under a text, with an optional picture or document on top."""

    kind: Literal["buttons"] = "buttons"
    body: str
    options: tuple[Option, ...]
    image: str | None = None
    document: str | None = None
    footer: str | None = None


class Section(Message):
    """A titled group of list rows."""

    title: str | None = None
    options: tuple[Option, ...]


class ListMenu(Message):
    """Up to ten rows behind one button."""

    kind: Literal["list"] = "list"
    body: str
    button: str
    sections: tuple[Section, ...]
    footer: str | None = None


class Image(Message):
    """A picture with its caption."""

    kind: Literal["image"] = "image"
    media: str
    caption: str | None = None


class Document(Message):
    """A file with its name and caption."""

    kind: Literal["document"] = "document"
    media: str
    caption: str | None = None


class Audio(Message):
    """A recording."""

    kind: Literal["audio"] = "audio"
    media: str


class Video(Message):
    """A film with its caption."""

    kind: Literal["video"] = "video"
    media: str
    caption: str | None = None


class LocationRequest(Message):
    """Ask for the citizen's location with the channel's own button."""

    kind: Literal["location_request"] = "location_request"
    body: str


class Place(Message):
    """A point on the map."""

    kind: Literal["place"] = "place"
    latitude: float
    longitude: float
    name: str
    address: str


class LinkButton(Message):
    """A text with one button that opens a page."""

    kind: Literal["link"] = "link"
    body: str
    title: str
    url: str
    footer: str | None = None


class Template(Message):
    """An approved template, for writing outside the 24-hour window."""

    kind: Literal["template"] = "template"
    name: str
    language: str = "es_MX"
    parameters: tuple[str, ...] = ()
    button_payloads: tuple[str, ...] = ()


Outbound = Annotated[
    Text | Buttons | ListMenu | Image | Document | Audio | Video | LocationRequest | Place | LinkButton | Template,
    Field(discriminator="kind"),
]
OUTBOUND: TypeAdapter[Outbound] = TypeAdapter(Outbound)


def options_of(message: Outbound) -> tuple[Option, ...]:
    """The choices a message offers, in the order they are shown."""
    if isinstance(message, Buttons):
        return message.options
    if isinstance(message, ListMenu):
        return tuple(option for section in message.sections for option in section.options)
    return ()
