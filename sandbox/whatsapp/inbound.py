"""What Meta would POST for each kind of message, and its signature. Pure; used by the phone page, tests and benches.

Shapes: whatsapp.md sections 1.4, 2 and 9.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from typing import Any

PHONE_NUMBER_ID = "106540000000001"
WABA_ID = "102290000000001"
DISPLAY_NUMBER = "524425550100"


def wamid() -> str:
    """A message id like Meta's."""
    return f"wamid.{secrets.token_hex(16).upper()}"


def encode(body: dict[str, Any]) -> bytes:
    """JSON as Meta writes it: non-ASCII and slashes escaped. The signature is over these very bytes (1.2)."""
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode()


def sign(raw: bytes, secret: str) -> str:
    """The value of `X-Hub-Signature-256`."""
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def envelope(value: dict[str, Any], phone_number_id: str = PHONE_NUMBER_ID) -> dict[str, Any]:
    """One entry, one change, field `messages`."""
    full = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": DISPLAY_NUMBER, "phone_number_id": phone_number_id},
        **value,
    }
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": WABA_ID, "changes": [{"field": "messages", "value": full}]}],
    }


def from_citizen(
    messages: list[dict[str, Any]],
    *,
    name: str = "Citizen",
    wa_id: str | None = None,
    bsuid: str | None = None,
    username: str | None = None,
) -> dict[str, Any]:
    """The envelope of one citizen's messages; without `wa_id` only the BSUID is known (section 9)."""
    contact: dict[str, Any] = {"profile": {"name": name}}
    if username:
        contact["profile"]["username"] = username
    if wa_id:
        contact["wa_id"] = wa_id
    if bsuid:
        contact["user_id"] = bsuid
    for message in messages:
        if wa_id:
            message["from"] = wa_id
        if bsuid:
            message["from_user_id"] = bsuid
    return envelope({"contacts": [contact], "messages": messages})


def message(kind: str, at: float, body: dict[str, Any] | None = None, *, reply_to: str | None = None) -> dict[str, Any]:
    """One element of `messages[]` of a kind, with its own part under the kind's name."""
    made: dict[str, Any] = {"id": wamid(), "timestamp": str(int(at)), "type": kind}
    if body is not None:
        made[kind] = body
    if reply_to:
        made["context"] = {"from": DISPLAY_NUMBER, "id": reply_to}
    return made


def text(at: float, words: str) -> dict[str, Any]:
    """Typed text."""
    return message("text", at, {"body": words})


def button(at: float, option_id: str, title: str, reply_to: str | None = None) -> dict[str, Any]:
    """A tapped reply button."""
    return message(
        "interactive",
        at,
        {"type": "button_reply", "button_reply": {"id": option_id, "title": title}},
        reply_to=reply_to,
    )


def row(at: float, option_id: str, title: str, reply_to: str | None = None) -> dict[str, Any]:
    """A chosen list row."""
    return message(
        "interactive", at, {"type": "list_reply", "list_reply": {"id": option_id, "title": title}}, reply_to=reply_to
    )


def media(at: float, kind: str, media_id: str, mime: str, **more: Any) -> dict[str, Any]:
    """An image, document, audio, video or sticker that lies at Meta's."""
    return message(kind, at, {"id": media_id, "mime_type": mime, **more})


def location(at: float, latitude: float, longitude: float, **more: Any) -> dict[str, Any]:
    """A shared location."""
    return message("location", at, {"latitude": latitude, "longitude": longitude, **more})


def reaction(at: float, message_id: str, emoji: str) -> dict[str, Any]:
    """An emoji on a message of ours; empty takes it back."""
    return message("reaction", at, {"message_id": message_id, "emoji": emoji})


def contact_card(at: float, name: str, phone: str) -> dict[str, Any]:
    """A shared contact."""
    digits = re.sub(r"\D", "", phone)
    card = {"name": {"formatted_name": name}, "phones": [{"phone": phone, "wa_id": digits, "type": "CELL"}]}
    return message("contacts", at, [card])  # type: ignore[arg-type]


def status(
    message_id: str, state: str, at: float, recipient: str, callback: str | None = None, code: int | None = None
) -> dict[str, Any]:
    """One element of `statuses[]` (section 3)."""
    made: dict[str, Any] = {
        "id": message_id,
        "status": state,
        "timestamp": str(int(at)),
        "recipient_id": recipient,
    }
    if callback:
        made["biz_opaque_callback_data"] = callback
    if code:
        made["errors"] = [{"code": code, "title": "failed", "error_data": {"details": ""}}]
    return made
