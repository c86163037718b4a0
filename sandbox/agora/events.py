"""What happened, told to webhooks and to the page."""

from __future__ import annotations

from typing import Any

from sandbox.agora.account import Agent, Bot, Json
from sandbox.agora.model import ACTIVITY, Contact, Conversation, Message, iso
from sandbox.agora.payloads import contact_payload, conversation_payload, message_payload, typing_payload
from sandbox.agora.store import Store
from sandbox.agora.webhooks import Webhooks


class Events:
    """One call for each thing that AGORA announces."""

    def __init__(self, store: Store, webhooks: Webhooks) -> None:
        self.store, self.webhooks = store, webhooks

    def message(self, event: str, message: Message) -> None:
        """`message_created` or `message_updated`; grey lines are never sent out."""
        self._page(message.conversation, message=message.id)
        if message.kind == ACTIVITY:
            return

        def failed(reason: str) -> None:
            known = (message.status, message.attributes.get("external_error"))
            if known == ("failed", reason):
                return
            message.status = "failed"
            message.attributes = {**message.attributes, "external_error": reason}
            self.message("message_updated", message)

        self.webhooks.send(event, lambda: message_payload(self.store, message), failed)

    def created(self, conversation: Conversation) -> None:
        """A new conversation."""
        self._conversation("conversation_created", conversation, {})

    def changed(self, conversation: Conversation, **changes: tuple[Any, Any]) -> None:
        """`conversation_updated` with the values before and after, and the moment."""
        before, conversation.updated_at = conversation.updated_at, self.store.now()
        rows = [{name: {"previous_value": a, "current_value": b}} for name, (a, b) in changes.items()]
        moved = {"updated_at": {"previous_value": iso(before), "current_value": iso(conversation.updated_at)}}
        self._conversation("conversation_updated", conversation, {"changed_attributes": [*rows, moved]})

    def status(self, conversation: Conversation) -> None:
        """`conversation_status_changed`; what it was before is null (agora.md 5.4)."""
        self._conversation("conversation_status_changed", conversation, {"changed_attributes": None})

    def typing(self, conversation: Conversation, who: Agent | Bot, on: bool, private: bool) -> None:
        """Somebody writes or stops."""
        event = f"conversation_typing_{'on' if on else 'off'}"
        self._page(conversation, typing=who.name if on else "", by=who.id)
        self.webhooks.send(event, lambda: typing_payload(self.store, conversation, who, private))

    def contact(self, event: str, contact: Contact) -> None:
        """`contact_created` or `contact_updated`, to account webhooks only."""
        self.store.world.feed.publish({"type": "agora.contact", "contact": contact.id})
        self.webhooks.send(event, lambda: contact_payload(self.store, contact))

    def seen(self, conversation: Conversation) -> None:
        """Only the page cares; AGORA sends nothing (agora.md 5.8)."""
        self._page(conversation)

    def _conversation(self, event: str, conversation: Conversation, more: Json) -> None:
        self._page(conversation, status=conversation.status)
        self.webhooks.send(event, lambda: {**conversation_payload(self.store, conversation), **more})

    def _page(self, conversation: Conversation, **more: Any) -> None:
        self.store.world.feed.publish({"type": "agora", "conversation": conversation.display, **more})
