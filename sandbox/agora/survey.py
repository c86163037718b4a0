"""CSAT: the answer to an `input_csat` message becomes a record (agora.md section 8)."""

from __future__ import annotations

from typing import Any

from sandbox.agora.access import Refusal, missing
from sandbox.agora.account import Agent, Json
from sandbox.agora.messages import Messages
from sandbox.agora.model import Message
from sandbox.agora.store import Rating, Store
from sandbox.agora.views import contact_view

DAYS = 14


class Survey:
    """Questions and ratings."""

    def __init__(self, store: Store, messages: Messages) -> None:
        self.store, self.messages = store, messages

    def question(self, uuid: str) -> Message:
        """The last survey of the conversation with this uuid.

        Raises:
            Refusal: 404.
        """
        found = next((c for c in self.store.conversations.values() if c.uuid == uuid), None)
        asked = [m for m in found.messages if m.content_type == "input_csat"] if found else []
        if not asked:
            raise missing()
        return asked[-1]

    def answer(self, message: Message, values: Any) -> None:
        """Keep a rating of 1 to 5 and its words; a second answer replaces the first.

        Raises:
            Refusal: 422, later than 14 days or for a rating that is none.
        """
        given = values.get("csat_survey_response") if isinstance(values, dict) else None
        if self.store.now() - message.created_at > DAYS * 86_400:
            raise Refusal(422, {"error": "You cannot update the CSAT survey after 14 days"})
        if not isinstance(given, dict) or given.get("rating") not in (1, 2, 3, 4, 5):
            raise Refusal(422, {"message": "Rating is not included in the list", "attributes": ["rating"]})
        self.messages.submit(message, values)
        self.store.ratings[:] = [r for r in self.store.ratings if r.message is not message]
        self.store.ratings.append(self._rating(message, given))

    def _rating(self, message: Message, given: Json) -> Rating:
        who = message.conversation.assignee
        agent = who.id if isinstance(who, Agent) else None
        words = str(given.get("feedback_message") or "")
        return Rating(
            next(self.store.ids), message.conversation, message, given["rating"], words, agent, self.store.now()
        )

    def shown(self, message: Message) -> Json:
        """What the survey's page is told."""
        record = next((r for r in self.store.ratings if r.message is message), None)
        return {
            "id": message.id,
            "csat_survey_response": self.row(record) if record else None,
            "display_type": message.attributes.get("display_type", "emoji"),
            "content": message.content,
            "inbox_avatar_url": "",
            "inbox_name": self.store.directory.inbox.name,
            "locale": "es",
            "conversation_id": message.conversation.display,
            "created_at": int(message.created_at),
        }

    def row(self, rating: Rating) -> Json:
        """As the report lists it."""
        agent = self.store.directory.agent(rating.agent_id)
        return {
            "id": rating.id,
            "rating": rating.rating,
            "feedback_message": rating.words,
            "account_id": self.store.account,
            "message_id": rating.message.id,
            "contact": contact_view(self.store, rating.conversation.contact, inboxes=False),
            "conversation_id": rating.conversation.display,
            "assigned_agent": agent.row(self.store.account) if agent else None,
            "created_at": int(rating.at),
        }

    def rows(self, page: int) -> list[Json]:
        """Newest first, 25 a page."""
        newest = list(reversed(self.store.ratings))
        return [self.row(r) for r in newest[(page - 1) * 25 : page * 25]]
