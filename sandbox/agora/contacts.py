"""Contacts: create, change, find, link to the inbox, merge (agora.md 4.1)."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from sandbox.agora.access import Refusal, broken, invalid, missing, taken
from sandbox.agora.account import Json
from sandbox.agora.events import Events
from sandbox.agora.model import Contact
from sandbox.agora.store import Store

PHONE = re.compile(r"\+[1-9]\d{1,14}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
COLUMNS = ("name", "email", "phone_number", "identifier")
WRITABLE = (*COLUMNS, "blocked", "avatar_url", "custom_attributes", "additional_attributes")
LONGEST = 255


class Contacts:
    """The account's people."""

    def __init__(self, store: Store, events: Events) -> None:
        self.store, self.events = store, events

    def search(self, words: str) -> list[Contact]:
        """Substring match over four columns."""
        sought = words.casefold()
        rows = self.store.contacts.values()
        return [c for c in rows if any(sought in str(c.fields.get(n) or "").casefold() for n in COLUMNS)]

    def create(self, body: Json) -> Contact:
        """A new one, in the inbox too if one is named. Phone, e-mail and identifier are unique in the account."""
        fields = {k: v for k, v in body.items() if k in WRITABLE and v is not None}
        self._check(fields, None)
        if body.get("inbox_id") and body.get("source_id") and self.store.by_source(body["source_id"]):
            raise broken()
        if body.get("inbox_id") not in (None, self.store.directory.inbox.id):
            raise missing()
        made = Contact(next(self.store.ids), fields, self.store.now())
        self.store.contacts[made.id] = made
        if body.get("inbox_id"):
            self.link(made, body["inbox_id"], body.get("source_id"))
        self.events.contact("contact_created", made)
        return made

    def change(self, contact: Contact, body: Json) -> None:
        """Both attribute hashes are merged, the rest is replaced."""
        body = {k: v for k, v in body.items() if k in WRITABLE}
        self._check(body, contact)
        for name, value in body.items():
            merged = name.endswith("_attributes") and isinstance(value, dict)
            contact.fields[name] = {**contact.fields.get(name, {}), **value} if merged else value
        self.events.contact("contact_updated", contact)

    def link(self, contact: Contact, inbox_id: Any, source_id: Any = None) -> str:
        """The inbox's id of a contact; made up when left out, the same row when repeated."""
        if inbox_id != self.store.directory.inbox.id:
            raise missing()
        source = str(source_id) if source_id else (contact.sources[0] if contact.sources else str(uuid4()))
        if self.store.by_source(source) not in (None, contact):
            raise Refusal(422, {"error": "source_id should be unique"})
        if source not in contact.sources:
            contact.sources.append(source)
        return source

    def merge(self, base: Contact, other: Contact) -> None:
        """`other` becomes part of `base`, which keeps its own values where it has some."""
        if base is other:
            return
        for name, value in other.fields.items():
            if isinstance(value, dict):
                base.fields[name] = {**value, **base.fields.get(name, {})}
            elif not base.fields.get(name):
                base.fields[name] = value
        base.sources += [s for s in other.sources if s not in base.sources]
        for conversation in self.store.conversations.values():
            if conversation.contact is other:
                conversation.contact = base
        del self.store.contacts[other.id]

    def remove(self, contact: Contact) -> None:
        """With all conversations."""
        del self.store.contacts[contact.id]
        for conversation in [c for c in self.store.conversations.values() if c.contact is contact]:
            del self.store.conversations[conversation.display]

    def _check(self, fields: Json, own: Contact | None) -> None:
        for name in COLUMNS:
            if len(str(fields.get(name) or "")) > LONGEST:
                words = f"{name.replace('_', ' ').capitalize()} is too long (maximum is {LONGEST} characters)"
                raise invalid(name, words)
        phone, email = fields.get("phone_number"), fields.get("email")
        if phone and not PHONE.fullmatch(str(phone)):
            raise invalid("phone_number", "Phone number should be in e164 format")
        if email and not EMAIL.fullmatch(str(email)):
            raise invalid("email", "Email Invalid email")
        others = [c for c in self.store.contacts.values() if c is not own]
        for name in ("phone_number", "email", "identifier"):
            if fields.get(name) and any(c.fields.get(name) == fields[name] for c in others):
                raise taken(name)
