"""Contacts, conversations and messages of AGORA's inbox (a Chatwoot fork; agora.md section 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

from sandbox.agora.access import Refusal, missing, taken
from sandbox.world import World

INBOX = {"id": 14, "name": "WhatsApp María", "channel_type": "Channel::Api", "provider": None}
STATUSES = ("open", "resolved", "pending", "snoozed")
MESSAGE_TYPES = {"incoming": 0, "outgoing": 1, "activity": 2, "template": 3}
PHONE = re.compile(r"\+[1-9]\d{1,14}")
LIQUID = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
Json = dict[str, Any]


@dataclass
class Contact:
    """A person. `sources` are the inbox's ids of them, unique in the inbox."""

    id: int
    fields: Json
    created_at: int
    sources: list[str] = field(default_factory=list)

    def view(self) -> Json:
        """As the API shows it."""
        empty = {"name": "", "phone_number": None, "email": None, "identifier": None}
        hashes: Json = {"custom_attributes": {}, "additional_attributes": {}}
        own = {"id": self.id, "blocked": False, "thumbnail": "", "availability_status": "offline"}
        inboxes = [{"source_id": source, "inbox": INBOX} for source in self.sources]
        return {**empty, **hashes, **self.fields, **own, "created_at": self.created_at, "contact_inboxes": inboxes}


@dataclass
class Conversation:
    """One conversation. `display` is the id that URLs and answers carry; it is not the database's."""

    display: int
    contact: Contact
    source_id: str
    status: str
    created_at: int
    custom: Json
    additional: Json
    uuid: str = field(default_factory=lambda: str(uuid4()))
    labels: list[str] = field(default_factory=list)
    messages: list[Json] = field(default_factory=list)
    priority: str | None = None
    team_id: int | None = None
    assignee: str | None = None
    handed_off: int = 0

    def view(self, account: int) -> Json:
        """As the API shows it."""
        public = [m for m in self.messages if not m["private"]]
        sender = {"sender": self.contact.view(), "channel": "Channel::Api", "hmac_verified": False}
        return {
            "id": self.display,
            "uuid": self.uuid,
            "account_id": account,
            "inbox_id": INBOX["id"],
            "status": self.status,
            "labels": self.labels,
            "priority": self.priority,
            "messages": public[-1:],
            "meta": {**sender, "assignee": self.assignee, "team": self.team_id},
            "custom_attributes": self.custom,
            "additional_attributes": self.additional,
            "created_at": self.created_at,
        }


class Desk:
    """All of it, in memory."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.contacts: dict[int, Contact] = {}
        self.conversations: dict[int, Conversation] = {}
        self.files: dict[int, tuple[bytes, str]] = {}
        self._ids = count(80_321)
        self._displays = count(5_012)
        world.on_reset(self.clear)

    def clear(self) -> None:
        """Forget everything; ids go on, as a database's do."""
        for book in (self.contacts, self.conversations, self.files):
            book.clear()

    def now(self) -> int:
        """Unix seconds."""
        return int(self.world.clock.now().timestamp())

    def contact(self, contact_id: int) -> Contact:
        """By id."""
        if contact_id not in self.contacts:
            raise missing()
        return self.contacts[contact_id]

    def conversation(self, display: int) -> Conversation:
        """By display id."""
        if display not in self.conversations:
            raise missing()
        return self.conversations[display]

    def by_source(self, source_id: Any) -> Contact | None:
        """The contact that the inbox knows by this id."""
        return next((c for c in self.contacts.values() if source_id in c.sources), None)

    def search(self, words: str) -> list[Contact]:
        """Substring match over four columns."""
        columns = ("name", "email", "phone_number", "identifier")
        sought = words.casefold()
        return [
            c for c in self.contacts.values() if any(sought in str(c.fields.get(n) or "").casefold() for n in columns)
        ]

    def create_contact(self, body: Json) -> Contact:
        """Phone, e-mail and identifier are unique in the account."""
        fields = {k: v for k, v in body.items() if k not in ("inbox_id", "source_id") and v is not None}
        self._check_contact(fields, None)
        if body.get("source_id") and self.by_source(body["source_id"]):
            raise Refusal(500, {})
        made = Contact(next(self._ids), fields, self.now())
        self.contacts[made.id] = made
        if body.get("inbox_id"):
            self.link(made, body["inbox_id"], body.get("source_id"))
        return made

    def change_contact(self, contact: Contact, body: Json) -> None:
        """Both attribute hashes are merged, the rest replaced."""
        self._check_contact(body, contact)
        for name, value in body.items():
            merged = name.endswith("_attributes") and isinstance(value, dict)
            contact.fields[name] = {**contact.fields.get(name, {}), **value} if merged else value

    def _check_contact(self, fields: Json, own: Contact | None) -> None:
        phone = fields.get("phone_number")
        if phone and not PHONE.fullmatch(str(phone)):
            raise Refusal(422, {"message": "Phone number should be in e164 format", "attributes": ["phone_number"]})
        for name in ("phone_number", "email", "identifier"):
            others = [c for c in self.contacts.values() if c is not own]
            if fields.get(name) and any(c.fields.get(name) == fields[name] for c in others):
                raise taken(name)

    def link(self, contact: Contact, inbox_id: Any, source_id: str | None) -> str:
        """The inbox's id of a contact; made up when left out, the same row when repeated."""
        if inbox_id != INBOX["id"]:
            raise missing()
        source = source_id or (contact.sources[0] if contact.sources else str(uuid4()))
        owner = self.by_source(source)
        if owner not in (None, contact):
            raise Refusal(422, {"error": "source_id should be unique"})
        if source not in contact.sources:
            contact.sources.append(source)
        return source

    def open(self, body: Json) -> Conversation:
        """A new conversation; not idempotent."""
        contact = self.contact(int(body.get("contact_id") or 0))
        source = self.link(contact, body.get("inbox_id"), body.get("source_id"))
        status = body.get("status") or "open"
        if status not in STATUSES:
            raise Refusal(500, {})
        custom, additional = dict(body.get("custom_attributes") or {}), dict(body.get("additional_attributes") or {})
        check_attributes(custom)
        check_attributes(additional)
        made = Conversation(next(self._displays), contact, source, status, self.now(), custom, additional)
        self.conversations[made.display] = made
        self.world.feed.publish({"type": "agora", "conversation": made.display, "status": status})
        return made

    def say(self, conversation: Conversation, body: Json, sender: Json, files: list[tuple[str, str, bytes]]) -> Json:
        """Add a message. `source_id` is stored, never compared: the same twice makes two (agora.md 4.8)."""
        kind = body.get("message_type") or "outgoing"
        if kind not in MESSAGE_TYPES:
            raise Refusal(422, {"error": f"'{kind}' is not a valid message_type"})
        content = str(body.get("content") or "")
        if kind in ("outgoing", "template"):
            content = _liquid(content, conversation.contact)
        made: Json = {
            "id": next(self._ids) + 830_000,
            "content": content,
            "inbox_id": INBOX["id"],
            "conversation_id": conversation.display,
            "message_type": MESSAGE_TYPES[kind],
            "content_type": body.get("content_type") or "text",
            "content_attributes": body.get("content_attributes") or {},
            "status": "sent",
            "created_at": self.now(),
            "private": body.get("private") in (True, "true"),
            "source_id": body.get("source_id"),
            "sender": {**conversation.contact.view(), "type": "contact"} if kind == "incoming" else sender,
        }
        if files:
            made["attachments"] = [self._keep(made["id"], *file) for file in files]
        conversation.messages.append(made)
        if kind == "incoming" and conversation.status in ("resolved", "snoozed"):
            conversation.status = "open"
        self.world.feed.publish({"type": "agora", "conversation": conversation.display, "message": made["id"]})
        return made

    def _keep(self, message_id: int, name: str, mime: str, content: bytes) -> Json:
        """The part's MIME type decides what it is."""
        kind = mime.split("/")[0]
        number = next(self._ids)
        self.files[number] = (content, mime)
        known = {
            "id": number,
            "message_id": message_id,
            "file_size": len(content),
            "extension": name.rpartition(".")[2],
        }
        file_type = kind if kind in ("image", "video", "audio") else "file"
        return {**known, "file_type": file_type, "data_url": f"/agora/files/{number}"}


def check_attributes(values: Json) -> None:
    """Texts up to 1500 characters, integers up to ten digits (agora.md 2.4)."""
    for value in values.values():
        too_long = isinstance(value, str) and len(value) > 1500
        if too_long or (isinstance(value, int) and value > 9_999_999_999):
            raise Refusal(422, {"message": "Custom attributes is invalid", "attributes": ["custom_attributes"]})


def _liquid(content: str, contact: Contact) -> str:
    """`{{contact.email}}` is filled in, another `{{x}}` vanishes (agora.md 4.3)."""

    def filled(found: re.Match[str]) -> str:
        owner, _, name = found[1].partition(".")
        return str(contact.fields.get(name) or "") if owner == "contact" else ""

    return LIQUID.sub(filled, content)
