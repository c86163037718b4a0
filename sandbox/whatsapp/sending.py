"""`POST /{phone_number_id}/messages`: what is accepted, and what the real API would refuse."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox.whatsapp.chats import Chat, Chats
from sandbox.whatsapp.content import check_contacts, check_location, check_media, check_reaction, check_text
from sandbox.whatsapp.definitions import Template
from sandbox.whatsapp.errors import GraphError
from sandbox.whatsapp.ids import DISPLAY_PHONE, contact_key, is_bsuid, new_wamid
from sandbox.whatsapp.interactive import check_interactive
from sandbox.whatsapp.limits import Limits
from sandbox.whatsapp.media import MediaStore
from sandbox.whatsapp.shape import Shape
from sandbox.whatsapp.statuses import Statuses
from sandbox.whatsapp.templates import Templates, check_template, values_of

COMMON = (
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "context",
    "biz_opaque_callback_data",
)
MEDIA = ("image", "document", "audio", "video", "sticker")
KINDS = ("text", *MEDIA, "location", "contacts", "reaction", "interactive", "template")


class Sending:
    """Takes message bodies and puts them on the citizens' phones."""

    def __init__(
        self, chats: Chats, media: MediaStore, templates: Templates, limits: Limits, statuses: Statuses
    ) -> None:
        self.chats = chats
        self.media = media
        self.templates = templates
        self.limits = limits
        self.statuses = statuses
        self._checks: dict[str, Callable[[Shape], None]] = {
            "text": check_text,
            "location": check_location,
            "contacts": check_contacts,
            "interactive": lambda m: check_interactive(m, self.media),
            "reaction": lambda m: check_reaction(m, self.chats.knows(str(m.child("reaction").value.get("message_id")))),
        }

    def take(self, body: Any) -> dict[str, Any]:
        """One request body; gives the answer's body.

        Raises:
            GraphError: what the real API would refuse.
        """
        message = Shape(body, "message")
        if message.need("messaging_product") != "whatsapp":
            raise GraphError(100, "Param messaging_product must be whatsapp.")
        if "status" in message:
            return self._mark(message)
        return self._send(message)

    def _mark(self, message: Shape) -> dict[str, Any]:
        message.only("messaging_product", "status", "message_id", "typing_indicator").choice("status", ("read",))
        message.text("message_id", 500)
        if "typing_indicator" in message:
            message.child("typing_indicator").only("type").choice("type", ("text",))
        self.chats.mark(message.value)
        return {"success": True}

    def _send(self, message: Shape) -> dict[str, Any]:
        address, chat = self._recipient(message)
        kind = message.value.get("type", "text")
        if kind not in KINDS:
            raise GraphError(131051, f"Message type {kind!r} is not supported.")
        message.only(*COMMON, kind)
        self._check_common(message)
        template = self._check(message, kind, chat)
        self.limits.pair(chat.key)
        self.limits.throughput()
        wamid = new_wamid()
        line = self.chats.say(chat, wamid, message.value, _shown(message.value, template))
        self.statuses.follow(chat, line, template.category.lower() if template else "service")
        contact = {"input": address, "wa_id": chat.wa_id, "user_id": chat.user_id}
        accepted = {"id": wamid, **({"message_status": "accepted"} if template else {})}
        contacts = [{key: value for key, value in contact.items() if value}]
        return {"messaging_product": "whatsapp", "contacts": contacts, "messages": [accepted]}

    def _recipient(self, message: Shape) -> tuple[str, Chat]:
        """`to` wins over `recipient`; a number that cannot be a phone is refused."""
        if message.value.get("recipient_type", "individual") != "individual":
            raise GraphError(100, "Param recipient_type must be individual.")
        if not message.value.get("to"):
            if "recipient" not in message:
                raise GraphError(131008, "The parameter to is required.")
            user_id = message.text("recipient", 200) or ""
            if not is_bsuid(user_id):
                raise GraphError(131009, "Param recipient is not a business-scoped user id.")
            return user_id, self.chats.chat(user_id)
        address = str(message.value["to"])
        if not re.fullmatch(r"\+?[\d\s()-]{8,20}", address):
            raise GraphError(131009, "Param to is not a phone number.")
        if contact_key(address) == contact_key(DISPLAY_PHONE):
            raise GraphError(131021, "Sender and recipient are the same number.")
        if contact_key(address) in self.chats.absent:
            raise GraphError(131026, "The number is not on WhatsApp.")
        return address, self.chats.chat(address)

    def _check_common(self, message: Shape) -> None:
        if "biz_opaque_callback_data" in message:
            message.text("biz_opaque_callback_data", 512)
        if "context" in message:
            message.child("context").only("message_id").text("message_id", 500)

    def _check(self, message: Shape, kind: str, chat: Chat) -> Template | None:
        if kind == "template":
            return check_template(message, self.templates, bsuid=not message.value.get("to"))
        if kind in MEDIA:
            check_media(Shape(message.need(kind), kind, invalid=100), kind, self.media)
        else:
            self._checks[kind](message)
        if not self.chats.window_open(chat):
            details = "Message failed to send because more than 24 hours have passed since the customer last replied."
            raise GraphError(131047, details)
        return None


def _shown(body: dict[str, Any], template: Template | None) -> dict[str, Any] | None:
    """A template as the citizen sees it."""
    if template is None:
        return None
    message = body["template"]
    buttons = [
        {"type": str(b["type"]).lower(), "text": b.get("text", "Copiar"), "url": b.get("url")} for b in template.buttons
    ]
    for part in message.get("components", []):
        if part["type"] == "button" and part.get("parameters"):
            parameter = part["parameters"][0]
            button = buttons[int(part["index"])]
            button["payload"] = parameter.get("payload") or parameter.get("text")
    header = next((c["parameters"][0] for c in message.get("components", []) if c["type"] == "header"), None)
    text = template.filled(values_of(message, template))
    return {
        "name": template.name,
        "header": header,
        "body": text,
        "footer": template.footer,
        "buttons": buttons,
    }
