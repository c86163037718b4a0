"""How records look in the API's answers (agora.md section 4)."""

from __future__ import annotations

from urllib.parse import quote

from sandbox.agora.account import Agent, Bot, Json
from sandbox.agora.model import ACTIVITY, Attachment, Contact, Conversation, Message, iso
from sandbox.agora.store import Store

CHANNEL = "Channel::Api"


def inbox_stub(store: Store) -> Json:
    """The inbox inside a contact."""
    inbox = store.directory.inbox
    known = {"id": inbox.id, "avatar_url": "", "channel_id": inbox.id, "name": inbox.name}
    return {**known, "channel_type": CHANNEL, "provider": None}


def contact_view(store: Store, contact: Contact, *, inboxes: bool = True) -> Json:
    """A contact, with the inboxes that know them."""
    fields = contact.fields
    shown: Json = {
        "additional_attributes": fields.get("additional_attributes") or {},
        "availability_status": "offline",
        "email": fields.get("email"),
        "id": contact.id,
        "name": fields.get("name") or "",
        "phone_number": fields.get("phone_number"),
        "blocked": contact.blocked,
        "identifier": fields.get("identifier"),
        "thumbnail": "",
        "custom_attributes": fields.get("custom_attributes") or {},
        "created_at": int(contact.created_at),
    }
    if contact.last_activity_at:
        shown["last_activity_at"] = int(contact.last_activity_at)
    if inboxes:
        shown["contact_inboxes"] = [{"source_id": s, "inbox": inbox_stub(store)} for s in contact.sources]
    return shown


def sender_view(sender: Contact | Agent | Bot | None) -> Json | None:
    """The author of a message."""
    if isinstance(sender, Bot):
        return sender.view()
    if isinstance(sender, Agent):
        return sender.sender()
    return {**contact_sender(sender), "type": "contact"} if sender else None


def contact_sender(contact: Contact) -> Json:
    """A contact as somebody who said something."""
    fields = contact.fields
    return {
        "additional_attributes": fields.get("additional_attributes") or {},
        "custom_attributes": fields.get("custom_attributes") or {},
        "email": fields.get("email"),
        "id": contact.id,
        "identifier": fields.get("identifier"),
        "name": fields.get("name") or "",
        "phone_number": fields.get("phone_number"),
        "thumbnail": "",
        "blocked": contact.blocked,
    }


def attachment_view(store: Store, message: Message, file: Attachment) -> Json:
    """A file, with the address that redirects to it."""
    extension = file.name.rpartition(".")[2] if "." in file.name else None
    url = f"{store.url}/agora/rails/active_storage/blobs/redirect/{file.key}/{quote(file.name)}"
    shown: Json = {
        "id": file.id,
        "message_id": message.id,
        "file_type": file.file_type,
        "account_id": store.account,
        "extension": extension,
        "content_type": file.mime,
        "data_url": url,
        "thumb_url": url if file.file_type == "image" else "",
        "file_size": len(file.content),
        "width": None,
        "height": None,
    }
    if file.size:
        shown["width"], shown["height"] = file.size
    if file.file_type == "audio":
        shown["transcribed_text"] = ""
    return shown


def message_view(store: Store, message: Message) -> Json:
    """A message as the API answers it."""
    shown: Json = {
        "id": message.id,
        "content": message.content,
        "inbox_id": store.directory.inbox.id,
        "conversation_id": message.conversation.display,
        "message_type": message.kind,
        "content_type": message.content_type,
        "status": message.status,
        "content_attributes": message.attributes,
        "created_at": int(message.created_at),
        "private": message.private,
        "source_id": message.source_id,
    }
    if message.echo_id is not None:
        shown["echo_id"] = message.echo_id
    if sender := sender_view(message.sender):
        shown["sender"] = sender
    if message.additional:
        shown["additional_attributes"] = message.additional
    if message.attachments:
        shown["attachments"] = [attachment_view(store, message, a) for a in message.attachments]
    return shown


def message_row(store: Store, message: Message) -> Json:
    """A message as conversations carry it: the database's row."""
    conversation = message.conversation
    kinds: dict[type, str] = {Contact: "Contact", Agent: "User", Bot: "AgentBot"}
    state = {
        "assignee_id": conversation.assignee.id if conversation.assignee else None,
        "unread_count": len(conversation.unread),
        "last_activity_at": int(conversation.last_activity_at),
        "contact_inbox": {"source_id": conversation.source_id},
    }
    shown = {
        **message_view(store, message),
        "account_id": store.account,
        "updated_at": iso(message.updated_at),
        "sender_type": kinds.get(type(message.sender)),
        "sender_id": message.sender.id if message.sender else None,
        "external_source_ids": {},
        "additional_attributes": message.additional,
        "processed_message_content": message.content,
        "sentiment": {},
        "conversation": state,
    }
    shown.pop("echo_id", None)
    return shown


def conversation_view(store: Store, conversation: Conversation) -> Json:
    """A conversation, with what is unread or else its last message."""
    spoken = [m for m in conversation.messages if m.kind != ACTIVITY]
    shown = conversation.unread or conversation.messages[-1:]
    return {
        "meta": _meta(store, conversation),
        "id": conversation.display,
        "messages": [message_row(store, m) for m in shown],
        "account_id": store.account,
        "uuid": conversation.uuid,
        "additional_attributes": conversation.additional,
        "agent_last_seen_at": int(conversation.agent_seen_at or 0),
        "assignee_last_seen_at": int(conversation.agent_seen_at or 0),
        "can_reply": store.can_reply(conversation),
        "contact_last_seen_at": int(conversation.contact_seen_at or 0),
        "custom_attributes": conversation.custom,
        "inbox_id": store.directory.inbox.id,
        "labels": conversation.labels,
        "muted": False,
        "snoozed_until": conversation.snoozed_until,
        "status": conversation.status,
        "created_at": int(conversation.created_at),
        "updated_at": conversation.updated_at,
        "timestamp": int(conversation.last_activity_at),
        "first_reply_created_at": int(conversation.first_reply_at or 0),
        "unread_count": len(conversation.unread),
        "last_non_activity_message": message_row(store, spoken[-1]) if spoken else None,
        "last_activity_at": int(conversation.last_activity_at),
        "priority": conversation.priority,
        "waiting_since": int(conversation.waiting_since or 0),
        "sla_policy_id": None,
    }


def _meta(store: Store, conversation: Conversation) -> Json:
    meta: Json = {"sender": contact_view(store, conversation.contact, inboxes=False), "channel": CHANNEL}
    if conversation.assignee:
        meta |= {"assignee": assignee_view(store, conversation), "assignee_type": _kind(conversation)}
    if conversation.team:
        meta["team"] = conversation.team.view(store.account)
    return {**meta, "hmac_verified": conversation.hmac_verified}


def assignee_view(store: Store, conversation: Conversation) -> Json | None:
    """Who has it; None: nobody."""
    who = conversation.assignee
    if isinstance(who, Bot):
        return who.view()
    return who.row(store.account) if who else None


def _kind(conversation: Conversation) -> str:
    return "AgentBot" if isinstance(conversation.assignee, Bot) else "User"


def messages_meta(store: Store, conversation: Conversation) -> Json:
    """What stands above a page of messages; without an assignee nothing is said of one."""
    assigned = {"assignee": assignee_view(store, conversation)} if conversation.assignee else {}
    return {
        "labels": conversation.labels,
        "additional_attributes": conversation.additional,
        "contact": contact_view(store, conversation.contact),
        **assigned,
        "agent_last_seen_at": iso(conversation.agent_seen_at),
        "assignee_last_seen_at": iso(conversation.agent_seen_at),
    }
