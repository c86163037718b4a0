"""Acting as a citizen: what `POST /control/whatsapp/inbound` takes and what it makes of it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from sandbox.whatsapp import inbound
from sandbox.whatsapp.ids import is_bsuid
from sandbox.whatsapp.inbound import Content, Sender
from sandbox.whatsapp.service import WhatsApp


class Part(BaseModel):
    """One kind's fields; extra ones are refused."""

    model_config = ConfigDict(extra="forbid")


class Reply(Part):
    """A tapped button or row."""

    id: str
    title: str
    description: str | None = None


class QuickReply(Part):
    """A tapped template button."""

    text: str
    payload: str | None = None


class Place(Part):
    """A shared position."""

    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None


class File(Part):
    """A file: its bytes in base64, or the `id` of a medium the sandbox has."""

    content: str | None = None
    id: str | None = None
    mime_type: str
    caption: str | None = None
    filename: str | None = None


class Card(Part):
    """A shared contact."""

    name: str
    phone: str
    requested: bool = False


class Reacting(Part):
    """An emoji on a message; none takes it back."""

    message_id: str
    emoji: str | None = None


class Inbound(Part):
    """What the citizen does: exactly one of the kinds. `message` takes any webhook message as it is."""

    from_: str = Field(alias="from", description="wa_id or BSUID")
    user_id: str | None = Field(None, description="BSUID beside a phone number")
    name: str | None = None
    username: str | None = None
    reply_to: str | None = None
    text: str | None = None
    button: Reply | None = None
    list: Reply | None = None
    quick_reply: QuickReply | None = None
    location: Place | None = None
    image: File | None = None
    video: File | None = None
    document: File | None = None
    audio: File | None = None
    voice: File | None = None
    sticker: File | None = None
    contact: Card | None = None
    reaction: Reacting | None = None
    flow: dict[str, Any] | None = None
    message: dict[str, Any] | None = None


def act(whatsapp: WhatsApp, action: Inbound, base_url: str) -> str:
    """Put the message on the citizen's phone and send its webhook; gives its wamid.

    Raises:
        ValueError: if there is not exactly one kind, or a file has neither content nor a known id.
    """
    chat = whatsapp.chats.chat(action.from_)
    sender = Sender(
        wa_id=None if is_bsuid(action.from_) else action.from_,
        user_id=action.from_ if is_bsuid(action.from_) else action.user_id or chat.user_id,
        name=action.name or chat.name or "Ciudadana",
        username=action.username or chat.username,
    )
    content = _content(whatsapp, action, base_url)
    now = whatsapp.world.clock.now().timestamp()
    made = inbound.message(sender, content, at=now, reply_to=action.reply_to)
    chat.name, chat.user_id = sender.name, sender.user_id
    whatsapp.chats.heard(chat, made)
    alone = made.get("type") == "system"
    whatsapp.webhooks.send(inbound.envelope(made, sender=None if alone else sender))
    return str(made["id"])


def _content(whatsapp: WhatsApp, action: Inbound, base_url: str) -> Content:
    kinds = action.model_dump(exclude_none=True, exclude={"from_", "user_id", "name", "username", "reply_to"})
    if len(kinds) != 1:
        raise ValueError(f"exactly one kind of message is needed, not {sorted(kinds)}")
    kind, value = next(iter(kinds.items()))
    if kind == "text":
        return inbound.text(value)
    if kind == "message":
        return dict(value)
    if kind == "flow":
        return inbound.flow_reply(value)
    if kind in ("image", "video", "document", "audio", "voice", "sticker"):
        return _file(whatsapp, kind, File(**value), base_url)
    makers: dict[str, Callable[..., Content]] = {
        "button": inbound.button_reply,
        "list": inbound.list_reply,
        "quick_reply": inbound.quick_reply,
        "location": inbound.location,
        "contact": inbound.contact_card,
        "reaction": inbound.reaction,
    }
    return makers[kind](**value)


def _file(whatsapp: WhatsApp, kind: str, file: File, base_url: str) -> Content:
    if file.content:
        medium = whatsapp.media.receive(base64.b64decode(file.content), file.mime_type, file.filename)
    else:
        known = whatsapp.media.get(file.id or "")
        if known is None:
            raise ValueError("the file has neither content nor a known id")
        medium = known
    more: dict[str, Any] = {
        "caption": file.caption,
        "filename": file.filename if kind == "document" else None,
    }
    more["url"] = f"{base_url}graph/media/{whatsapp.media.open_url(medium)}"
    if kind in ("audio", "voice"):
        more["voice"] = kind == "voice"
    if kind == "sticker":
        more["animated"] = False
    wire = "audio" if kind == "voice" else kind
    given = {key: value for key, value in more.items() if value is not None}
    return inbound.media(wire, medium.id, medium.mime, medium.sha256_base64, **given)
