"""Messages: post, report their state, retry, delete (agora.md 4.3 and 5.7)."""

from __future__ import annotations

import io
import re
import secrets
from typing import Any

from PIL import Image

from sandbox.agora.access import Refusal
from sandbox.agora.account import Agent, Bot, Json
from sandbox.agora.content import CONTENT_TYPES, check_items
from sandbox.agora.events import Events
from sandbox.agora.model import (
    ACTIVITY,
    INCOMING,
    KINDS,
    OUTGOING,
    TEMPLATE,
    Attachment,
    Contact,
    Conversation,
    Message,
)
from sandbox.agora.store import Store

LONGEST, MOST_FILES, A_MINUTE = 150_000, 15, 200
LIQUID = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
DELETED = "Este mensaje fue eliminado"
File = tuple[str, str, bytes]


def refused(words: str) -> Refusal:
    """Message create turns everything into 422."""
    return Refusal(422, {"error": words})


class Messages:
    """The lines of all conversations."""

    def __init__(self, store: Store, events: Events) -> None:
        self.store, self.events = store, events

    def post(self, conversation: Conversation, body: Json, by: Agent | Bot, files: list[File]) -> Message:
        """Add a message. `source_id` is stored, never compared: the same twice makes two (agora.md 4.8)."""
        kind = self._kind(body)
        self._check(conversation, body, files)
        content = str(body["content"]) if body.get("content") is not None else None
        sender = self._sender(conversation, body, by, kind)
        if content and kind in (OUTGOING, TEMPLATE):
            content = self._liquid(content, conversation.contact, sender)
        made = Message(next(self.store.message_ids), conversation, kind, content, self.store.now(), sender)
        made.private = body.get("private") in (True, "true", "1", 1)
        made.content_type = body.get("content_type") or "text"
        made.attributes = self._attributes(conversation, body)
        made.source_id, made.echo_id = body.get("source_id"), body.get("echo_id")
        if body.get("template_params"):
            made.additional = {"template_params": body["template_params"]}
        made.attachments = [self._keep(*file) for file in files]
        self._add(made)
        return made

    def automatic(self, conversation: Conversation, content: str, content_type: str, attributes: Json) -> Message:
        """A `template` line of AGORA's own, e.g. the survey."""
        made = Message(next(self.store.message_ids), conversation, TEMPLATE, content, self.store.now(), None)
        made.content_type, made.attributes = content_type, attributes
        self._add(made)
        return made

    def activity(self, conversation: Conversation, content: str) -> None:
        """A grey line."""
        made = Message(next(self.store.message_ids), conversation, ACTIVITY, content, self.store.now(), None)
        conversation.messages.append(made)
        self.events.message("message_created", made)

    def incoming(self, conversation: Conversation, content: str | None, echo_id: Any, files: list[File]) -> Message:
        """What the Client API posts."""
        body = {"content": content, "message_type": "incoming", "echo_id": echo_id}
        return self.post(conversation, body, self.store.directory.bot, files)

    def report(self, message: Message, status: Any, error: Any) -> None:
        """Delivered, read or failed. Unknown words, and read → delivered, are ignored with 200."""
        backwards = message.status == "read" and status == "delivered"
        if status not in ("sent", "delivered", "read", "failed") or backwards:
            return
        message.status, message.updated_at = status, self.store.now()
        message.attributes = {k: v for k, v in message.attributes.items() if k != "external_error"}
        if status == "failed" and error:
            message.attributes["external_error"] = str(error)
        self.events.message("message_updated", message)

    def retry(self, message: Message) -> None:
        """The dashboard's button: sends nothing on an API inbox, wipes the attributes (agora.md 5.5)."""
        message.status, message.attributes, message.updated_at = "sent", {}, self.store.now()
        self.events.message("message_updated", message)

    def delete(self, message: Message) -> None:
        """The content goes, the line stays."""
        message.content, message.attributes = DELETED, {"deleted": True}
        message.attachments, message.updated_at = [], self.store.now()
        self.events.message("message_updated", message)

    def submit(self, message: Message, values: Any) -> None:
        """What a contact chose or filled in."""
        message.attributes = {**message.attributes, "submitted_values": values}
        message.updated_at = self.store.now()
        self.events.message("message_updated", message)

    def _add(self, made: Message) -> None:
        conversation = made.conversation
        conversation.messages.append(made)
        if made.kind == INCOMING:
            conversation.contact.last_activity_at = made.created_at
            if conversation.waiting_since is None:
                conversation.waiting_since = made.created_at
        self.events.message("message_created", made)
        if made.human:
            self._answered(made)

    def _answered(self, made: Message) -> None:
        conversation, before = made.conversation, made.conversation.waiting_since
        conversation.first_reply_at = conversation.first_reply_at or made.created_at
        if before is not None:
            conversation.waiting_since = None
            self.events.changed(conversation, waiting_since=(int(before), None))

    def _kind(self, body: Json) -> int:
        word = body.get("message_type") or "outgoing"
        if word not in KINDS:
            raise refused(f"'{word}' is not a valid message_type")
        return KINDS[word]

    def _check(self, conversation: Conversation, body: Json, files: list[File]) -> None:
        if len(str(body.get("content") or "")) > LONGEST:
            raise refused(f"Validation failed: Content is too long (maximum is {LONGEST} characters)")
        if len(files) > MOST_FILES:
            raise refused("Validation failed: Attachments exceeded maximum allowed")
        kind = body.get("content_type") or "text"
        if kind not in CONTENT_TYPES:
            raise refused(f"'{kind}' is not a valid content_type")
        if not isinstance(body.get("content_attributes") or {}, dict):
            raise refused("content_attributes must be an object")
        check_items(kind, (body.get("content_attributes") or {}).get("items"))
        recent = [m for m in conversation.messages if m.created_at > self.store.now() - 60]
        if len(recent) >= A_MINUTE:
            raise refused("Validation failed: Too many messages")

    def _sender(
        self, conversation: Conversation, body: Json, by: Agent | Bot, kind: int
    ) -> Contact | Agent | Bot | None:
        if kind == INCOMING:
            return conversation.contact
        if body.get("sender_type") == "AgentBot" and body.get("sender_id") == self.store.directory.bot.id:
            return self.store.directory.bot
        return None if kind in (TEMPLATE, ACTIVITY) else by

    def _attributes(self, conversation: Conversation, body: Json) -> Json:
        """A quoted id must be of this conversation, else it becomes null; each kind of id fills in the other."""
        made = dict(body.get("content_attributes") or {})
        if "external_created_at" in body:
            made["external_created_at"] = body["external_created_at"]
        if not made.keys() & {"in_reply_to", "in_reply_to_external_id"}:
            return made
        wanted, outside = made.get("in_reply_to"), made.get("in_reply_to_external_id")
        rows = conversation.messages
        target = next((m for m in rows if m.id == wanted or (outside and m.source_id == outside)), None)
        made["in_reply_to"] = target.id if target else None
        made["in_reply_to_external_id"] = target.source_id if target else None
        return made

    def _liquid(self, content: str, contact: Contact, sender: Contact | Agent | Bot | None) -> str:
        """`{{contact.email}}` is filled in, another `{{x}}` vanishes."""
        agent = {"name": sender.name.split()[0], "id": sender.id} if isinstance(sender, Agent | Bot) else {}
        known: dict[str, Json] = {"contact": contact.fields, "agent": agent}

        def filled(found: re.Match[str]) -> str:
            owner, _, name = found[1].partition(".")
            return str(known.get(owner, {}).get(name) or "")

        return LIQUID.sub(filled, content)

    def _keep(self, name: str, mime: str, content: bytes) -> Attachment:
        made = Attachment(next(self.store.ids), secrets.token_urlsafe(12), name, mime.split(";")[0], content)
        if made.file_type == "image":
            made.size = _size(content)
        self.store.files[made.key] = made
        return made


def _size(content: bytes) -> tuple[int, int] | None:
    """None for bytes that are no picture, whatever they were called."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.size
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
