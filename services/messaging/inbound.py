"""What a citizen sends, the same for every channel."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Kind(StrEnum):
    """What an inbound message is. `SYSTEM` and `IGNORED` open no turn; `EVENT` is María's own, no channel makes one."""

    TEXT = "text"
    TAP = "tap"
    IMAGE = "image"
    DOCUMENT = "document"
    AUDIO = "audio"
    VIDEO = "video"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACTS = "contacts"
    REACTION = "reaction"
    FORM = "form"
    UNSUPPORTED = "unsupported"
    SYSTEM = "system"
    IGNORED = "ignored"
    EVENT = "event"


class Sender(BaseModel):
    """Who the channel says is writing. A WhatsApp user may come with a phone, a BSUID, or both."""

    model_config = ConfigDict(frozen=True)

    phone: str | None = None
    bsuid: str | None = None
    parent_bsuid: str | None = None
    web_session: str | None = None
    profile_name: str | None = None


class MediaPointer(BaseModel):
    """A medium that still lies with the provider."""

    model_config = ConfigDict(frozen=True)

    provider_id: str
    mime: str | None = None
    filename: str | None = None
    sha256: str | None = None
    voice: bool = False


class Inbound(BaseModel):
    """One message as the channel's parser gives it."""

    model_config = ConfigDict(frozen=True)

    channel: str
    provider_id: str
    sender: Sender
    sent_at: datetime
    kind: Kind
    text: str | None = None
    tap_id: str | None = None
    media: MediaPointer | None = None
    latitude: float | None = None
    longitude: float | None = None
    place_name: str | None = None
    shared_phone: str | None = None
    reply_to: str | None = None
    emoji: str | None = None
    detail: dict[str, str] = {}


class StatusUpdate(BaseModel):
    """What the provider says became of a message of ours.

    `callback` is the outbox row's id (and part) as we gave it; `again` says that a failure may be retried.
    """

    model_config = ConfigDict(frozen=True)

    provider_id: str
    state: str
    at: datetime
    callback: str | None = None
    error: str | None = None
    again: bool = False


class AliasChange(BaseModel):
    """An address became another. `provider_id`: the message that says so; a repeat of it changes nothing."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["phone", "bsuid", "parent"]
    old: str
    new: str
    provider_id: str | None = None
