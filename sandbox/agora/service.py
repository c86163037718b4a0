"""All of AGORA, put together."""

from __future__ import annotations

from sandbox.agora.account import Json
from sandbox.agora.contacts import Contacts
from sandbox.agora.conversations import Conversations
from sandbox.agora.events import Events
from sandbox.agora.messages import Messages
from sandbox.agora.store import Store
from sandbox.agora.survey import Survey
from sandbox.agora.tickets import Tickets
from sandbox.agora.views import contact_view, conversation_view, message_view
from sandbox.agora.webhooks import Post, Webhooks
from sandbox.world import World


class Agora:
    """The parts around one store."""

    def __init__(self, world: World, post: Post | None = None) -> None:
        self.world = world
        self.store = Store(world)
        self.webhooks = Webhooks(self.store, post)
        self.events = Events(self.store, self.webhooks)
        self.contacts = Contacts(self.store, self.events)
        self.messages = Messages(self.store, self.events)
        self.conversations = Conversations(self.store, self.events, self.messages, self.contacts)
        self.survey = Survey(self.store, self.messages)
        self.tickets = Tickets(world)

    def everything(self) -> list[Json]:
        """All conversations with all messages, for tests."""
        rows = self.store.conversations.values()
        return [
            {**conversation_view(self.store, c), "messages": [message_view(self.store, m) for m in c.messages]}
            for c in rows
        ]

    def people(self) -> list[Json]:
        """All contacts, for tests."""
        return [contact_view(self.store, c) for c in self.store.contacts.values()]
