"""What a webhook carries (agora.md 5.4): not the API's shapes."""

from __future__ import annotations

from sandbox.agora.account import Agent, Bot, Json
from sandbox.agora.model import KINDS, Contact, Conversation, Message, iso
from sandbox.agora.store import Store
from sandbox.agora.views import CHANNEL, attachment_view, message_row, sender_view

WORDS = {number: word for word, number in KINDS.items()}


def conversation_payload(store: Store, conversation: Conversation) -> Json:
    """The conversation object; `messages` is the last public message only."""
    public = [m for m in conversation.messages if not m.private and m.kind in (0, 1, 3)]
    shown: Json = {
        "additional_attributes": conversation.additional,
        "can_reply": store.can_reply(conversation),
        "channel": CHANNEL,
        "contact_inbox": _contact_inbox(store, conversation),
        "id": conversation.display,
        "inbox_id": store.directory.inbox.id,
        "messages": [message_row(store, m) for m in public[-1:]],
        "labels": conversation.labels,
        "meta": _meta(conversation),
        "status": conversation.status,
        "custom_attributes": conversation.custom,
        "snoozed_until": conversation.snoozed_until,
        "unread_count": len(conversation.unread),
        "first_reply_created_at": iso(conversation.first_reply_at),
        "priority": conversation.priority,
        "waiting_since": int(conversation.waiting_since or 0),
        "agent_last_seen_at": int(conversation.agent_seen_at or 0),
        "contact_last_seen_at": int(conversation.contact_seen_at or 0),
        "last_activity_at": int(conversation.last_activity_at),
        "timestamp": int(conversation.last_activity_at),
        "created_at": int(conversation.created_at),
        "updated_at": conversation.updated_at,
    }
    if store.behaviour.since("4.14.2"):
        shown["account"] = account_stub(store)
    return shown


def account_stub(store: Store) -> Json:
    """Whose it is."""
    return store.directory.account.model_dump()


def _contact_inbox(store: Store, conversation: Conversation) -> Json:
    made = iso(conversation.contact.created_at)
    return {
        "id": conversation.contact.id + 10_000,
        "contact_id": conversation.contact.id,
        "inbox_id": store.directory.inbox.id,
        "source_id": conversation.source_id,
        "created_at": made,
        "updated_at": made,
        "hmac_verified": conversation.hmac_verified,
        "pubsub_token": f"sandbox-pubsub-{conversation.contact.id}",
    }


def _meta(conversation: Conversation) -> Json:
    who, team = conversation.assignee, conversation.team
    kind = {Bot: "AgentBot", Agent: "User"}.get(type(who)) if who else None
    return {
        "sender": sender_view(conversation.contact),
        "assignee": sender_view(who),
        "assignee_type": kind,
        "team": {"id": team.id, "name": team.name} if team else None,
        "hmac_verified": conversation.hmac_verified,
    }


def message_payload(store: Store, message: Message) -> Json:
    """A message; no `status`, and a contact as sender has no `type`."""
    inbox = store.directory.inbox
    shown: Json = {
        "id": message.id,
        "content": message.content,
        "content_type": message.content_type,
        "content_attributes": message.attributes,
        "additional_attributes": message.additional,
        "created_at": iso(message.created_at),
        "message_type": WORDS[message.kind],
        "private": message.private,
        "source_id": message.source_id,
        "sender": _author(store, message),
        "inbox": {"id": inbox.id, "name": inbox.name},
        "account": account_stub(store),
        "conversation": conversation_payload(store, message.conversation),
    }
    if message.attachments:
        shown["attachments"] = [attachment_view(store, message, a) for a in message.attachments]
    return shown


def _author(store: Store, message: Message) -> Json | None:
    sender = message.sender
    if isinstance(sender, Agent):
        return {"id": sender.id, "name": sender.name, "email": sender.email, "type": "user"}
    if isinstance(sender, Contact):
        return {**contact_payload(store, sender)}
    return {"id": sender.id, "name": sender.name, "type": "agent_bot"} if sender else None


def contact_payload(store: Store, contact: Contact) -> Json:
    """A contact without a `type`."""
    shown = {k: v for k, v in (sender_view(contact) or {}).items() if k != "type"}
    return {**shown, "avatar": "", "account": account_stub(store)}


def typing_payload(store: Store, conversation: Conversation, who: Agent | Bot, private: bool) -> Json:
    """Somebody is writing, or stopped."""
    user: Json = {"id": who.id, "name": who.name, "type": "user" if isinstance(who, Agent) else "agent_bot"}
    if isinstance(who, Agent):
        user["email"] = who.email
    return {"user": user, "conversation": conversation_payload(store, conversation), "is_private": private}
