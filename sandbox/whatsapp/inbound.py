"""What Meta would POST for each kind of message, and its signature. Pure: for the phone page, tests and load.

A builder such as `text("Hola")` gives the kind-specific part of one message; `message` adds id, time and
sender; `envelope` wraps messages for the webhook; `encode` and `sign` make the request. Shapes:
reference/whatsapp.md, sections 1.2, 1.4, 2 and 9.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.whatsapp.ids import DISPLAY_PHONE, PHONE_NUMBER_ID, WABA_ID, new_wamid

Content = dict[str, Any]


@dataclass(frozen=True)
class Sender:
    """Who writes. Without `wa_id` the user hides the phone; `hidden` says how Meta then fills the phone fields."""

    wa_id: str | None = None
    user_id: str | None = None
    name: str = "Ciudadana"
    username: str | None = None
    parent_user_id: str | None = None
    hidden: Literal["absent", "empty", "bsuid"] = "absent"

    @property
    def phone(self) -> str | None:
        """What stands in `from` and `wa_id`; None leaves them out."""
        if self.wa_id:
            return self.wa_id
        return {"absent": None, "empty": "", "bsuid": self.user_id}[self.hidden]

    def contact(self) -> dict[str, Any]:
        """The element of `contacts[]`."""
        profile = {"name": self.name, "username": self.username}
        contact: dict[str, Any] = {"profile": _present(profile), "wa_id": self.phone, "user_id": self.user_id}
        return _present({**contact, "parent_user_id": self.parent_user_id})


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}


def message(
    sender: Sender,
    content: Content,
    *,
    id: str | None = None,
    at: float | None = None,
    reply_to: str | None = None,
) -> dict[str, Any]:
    """One element of `messages[]`. `at` is unix seconds (now); `reply_to` the wamid that is quoted."""
    head = {
        "from": sender.phone,
        "from_user_id": sender.user_id,
        "from_parent_user_id": sender.parent_user_id,
        "id": id or new_wamid(),
        "timestamp": str(int(time.time() if at is None else at)),
        "context": {"from": DISPLAY_PHONE, "id": reply_to} if reply_to else None,
    }
    return {**_present(head), **content}


def envelope(
    *messages: dict[str, Any],
    sender: Sender | None = None,
    statuses: list[dict[str, Any]] | None = None,
    phone_number_id: str = PHONE_NUMBER_ID,
) -> dict[str, Any]:
    """The webhook's body. System messages come without `sender`, so without contacts."""
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": DISPLAY_PHONE, "phone_number_id": phone_number_id},
        "contacts": [sender.contact()] if sender else None,
        "messages": list(messages) or None,
        "statuses": statuses,
    }
    change = {"field": "messages", "value": _present(value)}
    return {"object": "whatsapp_business_account", "entry": [{"id": WABA_ID, "changes": [change]}]}


def batch(*envelopes: dict[str, Any]) -> dict[str, Any]:
    """Several envelopes in one POST: Meta may send many entries at once."""
    return {"object": "whatsapp_business_account", "entry": [e for one in envelopes for e in one["entry"]]}


def encode(body: dict[str, Any]) -> bytes:
    """JSON the way Meta writes it: non-ASCII and slashes escaped. The signature is over these very bytes."""
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode()


def sign(body: bytes, secret: str) -> str:
    """The value of `X-Hub-Signature-256` for these raw bytes."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def text(body: str) -> Content:
    """Typed text."""
    return {"type": "text", "text": {"body": body}}


def media(kind: str, id: str, mime_type: str, sha256: str = "", **more: Any) -> Content:
    """An image, video, document, audio or sticker; `more`: caption, filename, voice, animated, url."""
    return {"type": kind, kind: {"id": id, "mime_type": mime_type, "sha256": sha256, **more}}


def image(id: str, caption: str | None = None, mime_type: str = "image/jpeg", **more: Any) -> Content:
    """A photo."""
    return media("image", id, mime_type, **_present({"caption": caption}), **more)


def voice(id: str, **more: Any) -> Content:
    """A voice note."""
    return media("audio", id, "audio/ogg; codecs=opus", voice=True, **more)


def document(id: str, filename: str, mime_type: str = "application/pdf", **more: Any) -> Content:
    """A file."""
    return media("document", id, mime_type, filename=filename, **more)


def sticker(id: str, **more: Any) -> Content:
    """A sticker that stands still."""
    return media("sticker", id, "image/webp", animated=False, **more)


def location(latitude: float, longitude: float, name: str | None = None, address: str | None = None) -> Content:
    """A position; name and address only for a chosen place."""
    place = {"latitude": latitude, "longitude": longitude, "name": name, "address": address}
    return {"type": "location", "location": _present(place)}


def contact_card(name: str, phone: str, *, requested: bool = False) -> Content:
    """A shared contact; `requested`: the own number after a contact request."""
    digits = "".join(c for c in phone if c.isdigit())
    phones = [{"phone": phone, "wa_id": digits, "type": "CELL"}]
    card: dict[str, Any] = {"name": {"formatted_name": name, "first_name": name.split()[0]}, "phones": phones}
    if requested:
        card["origin"] = "contact_request"
    return {"type": "contacts", "contacts": [card]}


def _interactive(kind: str, reply: dict[str, Any]) -> Content:
    return {"type": "interactive", "interactive": {"type": kind, kind: reply}}


def button_reply(id: str, title: str) -> Content:
    """A tapped reply button."""
    return _interactive("button_reply", {"id": id, "title": title})


def list_reply(id: str, title: str, description: str | None = None) -> Content:
    """A chosen row of a list."""
    return _interactive("list_reply", _present({"id": id, "title": title, "description": description}))


def flow_reply(answers: Any, name: str = "flow", body: str = "Sent") -> Content:
    """A finished flow; `answers` goes out as a JSON string, a `str` as it is (so it can be broken)."""
    raw = answers if isinstance(answers, str) else json.dumps(answers, ensure_ascii=False)
    return _interactive("nfm_reply", {"name": name, "body": body, "response_json": raw})


def quick_reply(text: str, payload: str | None = None) -> Content:
    """A template's quick reply; the payload may be missing."""
    return {"type": "button", "button": _present({"payload": payload, "text": text})}


def reaction(message_id: str, emoji: str | None = None) -> Content:
    """An emoji on a message; None takes it back."""
    return {"type": "reaction", "reaction": _present({"message_id": message_id, "emoji": emoji})}


def order(items: list[dict[str, Any]], text: str = "", catalog_id: str = "77") -> Content:
    """A cart of catalogue products."""
    return {"type": "order", "order": {"catalog_id": catalog_id, "text": text, "product_items": items}}


def number_changed(new_wa_id: str) -> Content:
    """A system message: the user has another number. Sent without contacts."""
    system = {"type": "user_changed_number", "body": "User changed number", "wa_id": new_wa_id}
    return {"type": "system", "system": system}


def user_id_changed(new_user_id: str, previous: str | None = None) -> Content:
    """A system message: the user has another BSUID."""
    system = {"type": "user_changed_user_id", "body": "User id changed", "user_id": new_user_id}
    return {"type": "system", "system": _present({**system, "previous_user_id": previous})}


def identity_changed(hash: str, at: float | None = None) -> Content:
    """A system message: the user's encryption identity changed."""
    created = str(int(time.time() if at is None else at))
    identity = {"hash": hash, "created_timestamp": created, "acknowledged": True}
    return {
        "type": "system",
        "identity": identity,
        "system": {"type": "customer_identity_changed", "body": "changed"},
    }


def unsupported(kind: str = "poll", code: int = 131051) -> Content:
    """Something the API does not carry; 131060 may be followed by the real message under the same id."""
    error = {
        "code": code,
        "title": "Message type unknown",
        "error_data": {"details": "Message type is not supported"},
    }
    return {"type": "unsupported", "unsupported": {"type": kind}, "errors": [error]}


def edit(original: str, body: str) -> Content:
    """An edited text."""
    return {"type": "edit", "edit": {"original_message_id": original, "message": text(body)}}


def revoke(original: str) -> Content:
    """A message deleted for everyone."""
    return {"type": "revoke", "revoke": {"original_message_id": original}}


def request_welcome() -> Content:
    """The chat was opened for the first time."""
    return {"type": "request_welcome"}
