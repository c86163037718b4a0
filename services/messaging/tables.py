"""Inbox, conversations, outbox, media."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.base import Base, new_id


class InboxRow(Base):
    """One inbound message, stored before it is acknowledged."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "provider_id"),
        Index("ix_inbox_todo", "contact_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    channel: Mapped[str] = mapped_column(String(20))
    provider_id: Mapped[str] = mapped_column(String(255))
    contact_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(20))
    message: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(10), default="pending")  # pending | handled | ignored | failed
    attempts: Mapped[int] = mapped_column(default=0)
    turn_id: Mapped[str | None] = mapped_column(String(64))  # the step it was planned into, kept for a replay
    media_id: Mapped[str | None] = mapped_column(String(32))  # the medium it carried, once downloaded
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(index=True)
    handled_at: Mapped[datetime | None]


class ConversationRow(Base):
    """Who works on a contact's messages right now, and from when a burst may be answered."""

    __tablename__ = "conversations"

    contact_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # None: nothing to do
    burst_started_at: Mapped[datetime | None]  # first message not taken yet
    attempts: Mapped[int] = mapped_column(default=0)  # turns that failed in a row
    lease_owner: Mapped[str | None] = mapped_column(String(64))  # one claim, not one process
    lease_until: Mapped[datetime | None]
    last_inbound_at: Mapped[datetime | None]
    last_provider_id: Mapped[str | None] = mapped_column(String(255))


class OutboxRow(Base):
    """One message to send. `key` makes writing it twice impossible; a row is sent at most once."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_todo", "status", "priority", "not_before"),
        Index("ix_outbox_open", "contact_id", "status"),
        Index("ix_outbox_settling", "contact_id", "settle_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(128), unique=True)
    contact_id: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(20))
    message: Mapped[dict[str, Any]]
    priority: Mapped[int] = mapped_column(default=0)  # 0 reply, 1 outage and payment notices, 2 the rest
    status: Mapped[str] = mapped_column(String(10), default="pending")
    # pending | sending | sent | failed | unknown (left, no answer came) | expired
    attempts: Mapped[int] = mapped_column(default=0)
    parts_sent: Mapped[int] = mapped_column(default=0)  # a long text goes out as several bodies
    turn_id: Mapped[str | None] = mapped_column(String(64), index=True)  # the turn it answers
    not_before: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    settle_until: Mapped[datetime | None]  # the next message of this contact waits for `delivery` or this
    provider_id: Mapped[str | None] = mapped_column(String(255), index=True)
    delivery: Mapped[str | None] = mapped_column(String(10))  # sent | delivered | read | failed
    error: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class DeliveryRow(Base):
    """The history of a sent message's states, as the provider told it."""

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("provider_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    provider_id: Mapped[str] = mapped_column(String(255))
    state: Mapped[str] = mapped_column(String(20))
    error: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[datetime]


class MediaRow(Base):
    """A file that came in or goes out. In the database, so that every machine sees it."""

    __tablename__ = "media"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    contact_id: Mapped[str | None] = mapped_column(String(32), index=True)
    mime: Mapped[str] = mapped_column(String(100))
    filename: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(index=True)


class UploadRow(Base):
    """A medium already uploaded to a channel, so that it is not uploaded twice (WhatsApp keeps it 30 days)."""

    __tablename__ = "uploads"

    media_id: Mapped[str] = mapped_column(ForeignKey("media.id", ondelete="CASCADE"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    provider_id: Mapped[str] = mapped_column(String(255))
    uploaded_at: Mapped[datetime]
