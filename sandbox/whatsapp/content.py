"""Checks on messages without buttons: text, media, location, contacts, reaction (reference/whatsapp.md, 4)."""

from __future__ import annotations

from sandbox.whatsapp.errors import GraphError
from sandbox.whatsapp.media import KINDS, MediaStore
from sandbox.whatsapp.shape import Shape

MEDIA_KEYS: dict[str, tuple[str, ...]] = {
    "image": ("id", "link", "caption"),
    "video": ("id", "link", "caption"),
    "document": ("id", "link", "caption", "filename"),
    "audio": ("id", "link", "voice"),
    "sticker": ("id", "link"),
}
NAME_PARTS = ("first_name", "last_name", "middle_name", "suffix", "prefix")


def check_text(message: Shape) -> None:
    """Body 1 to 4096; a longer one is code 100."""
    text = Shape(message.need("text"), "text", invalid=100).only("body", "preview_url")
    text.text("body", 4096)
    text.flag("preview_url")


def check_media(media: Shape, kind: str, store: MediaStore) -> None:
    """Exactly one of link and id; a known id of a fitting type; caption to 1024.

    Raises:
        GraphError: 100 for both or neither, 131009 for an id that is unknown or of another kind.
    """
    media.only(*MEDIA_KEYS[kind])
    if ("id" in media) == ("link" in media):
        raise GraphError(100, f"Exactly one of 'id' and 'link' is needed on param {media.path!r}.")
    if "link" in media:
        media.url("link")
    else:
        _check_id(media, kind, store)
    if "caption" in media:
        media.text("caption", 1024)
    if "filename" in media:
        media.text("filename", 240)
    media.flag("voice")


def _check_id(media: Shape, kind: str, store: MediaStore) -> None:
    medium = store.sendable(str(media.need("id")))
    if medium is None:
        raise GraphError(131009, f"Media ID {media.value['id']} not found or expired.")
    if medium.base_mime not in KINDS[kind].types:
        raise GraphError(131053, f"{medium.mime} is not a type of {kind}.")


def check_location(message: Shape) -> None:
    """Latitude and longitude in range; name and address may be left out."""
    place = message.child("location").only("latitude", "longitude", "name", "address")
    place.number("latitude", -90, 90)
    place.number("longitude", -180, 180)
    place.text("name", 1000, required=False)
    place.text("address", 1000, required=False)


def check_contacts(message: Shape) -> None:
    """1 to 257 cards, each with a formatted name and one more part of it."""
    for card in message.children("contacts", 1, 257):
        card.only("name", "phones", "emails", "addresses", "org", "urls", "birthday")
        name = card.child("name").only("formatted_name", *NAME_PARTS)
        name.text("formatted_name", 1000)
        if not any(part in name for part in NAME_PARTS):
            raise GraphError(131009, f"{name.path} needs one more part than formatted_name.")
        for key in ("phones", "emails", "addresses", "urls"):
            if key in card:
                card.children(key, 0, 100)


def check_reaction(message: Shape, known: bool) -> None:
    """The target must be a message of this chat; an empty emoji removes the reaction."""
    reaction = message.child("reaction").only("message_id", "emoji")
    reaction.text("message_id", 500)
    emoji = reaction.need("emoji")
    if not isinstance(emoji, str) or len(emoji) > 12:
        raise reaction.refuse("emoji", "must be one emoji.")
    if not known:
        raise reaction.refuse("message_id", "is not a message that can be reacted to.")
