"""Episodes with a person, and the ledger of every message that crosses between the citizen and that person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.base import Base, new_id


class EpisodeRow(Base):
    """One time that a person has a conversation: requested → open → closed.

    `live_key` is the contact until it is closed: the database itself forbids a second one. `due_at` says when somebody
    must look at it (also after it is closed, until everything is told on both sides); `rung` counts the reasons to
    look, so that one that comes while somebody looks is not lost. `generation` counts how often it was opened.
    """

    __tablename__ = "handoffs"
    __table_args__ = (
        Index("ix_handoffs_contact", "contact_id", "requested_at"),
        Index("ix_handoffs_conversation", "conversation"),
        Index("ix_handoffs_due", "due_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    live_key: Mapped[str | None] = mapped_column(String(32), unique=True)
    contact_id: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))  # requested | open | closed
    reason: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(20))
    case: Mapped[dict[str, Any]]  # services.handoff.model.Case
    promised: Mapped[bool] = mapped_column(default=False)  # the citizen must still be told that it is open

    conversation: Mapped[int | None] = mapped_column(BigInteger)  # the desk's own id
    conversation_uuid: Mapped[str | None] = mapped_column(String(40))
    person: Mapped[int | None] = mapped_column(BigInteger)  # the desk's id of the citizen
    status: Mapped[str | None] = mapped_column(String(10))  # as the desk last said
    agent: Mapped[str | None] = mapped_column(String(120))  # who has it there
    spoke: Mapped[str | None] = mapped_column(String(120))  # whose name the citizen was last shown
    cursor: Mapped[int] = mapped_column(BigInteger, default=0)  # desk messages up to here need no second look
    seen: Mapped[int] = mapped_column(BigInteger, default=0)  # the newest that was looked at
    filled: Mapped[bool] = mapped_column(default=False)  # note, transcript, labels, team are there
    inbox_from: Mapped[int] = mapped_column(default=0)  # the first messages that belong to it,
    outbox_from: Mapped[int] = mapped_column(default=0)
    inbox_to: Mapped[int | None]  # and the last
    outbox_to: Mapped[int | None]
    closing_note: Mapped[str | None] = mapped_column(Text)
    farewell: Mapped[bool] = mapped_column(default=False)  # the desk must still be told that it is over
    generation: Mapped[int] = mapped_column(default=0)

    due_at: Mapped[datetime | None]
    rung: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None]

    requested_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]  # the first words of a person
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(12))  # services.handoff.model.Closer


class RelayRow(Base):
    """One message on its way to the desk, or from it. `key` makes it exist once; the desk knows it as `remote_id`.

    Ways: `note` and `in` (the citizen) and `maria` go to the desk, `out` comes from it; `told` stands in the
    transcript. Status: pending | sending | sent | read | failed | skipped for what goes to the desk; for what comes
    from it, `status` is the last delivery state that was reported there.
    """

    __tablename__ = "handoff_relay"
    __table_args__ = (
        UniqueConstraint("episode_id", "key"),
        Index("ix_handoff_relay_todo", "episode_id", "way", "status"),
        Index("ix_handoff_relay_remote", "episode_id", "remote_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    episode_id: Mapped[str] = mapped_column(ForeignKey("handoffs.id", ondelete="CASCADE"))
    way: Mapped[str] = mapped_column(String(6))
    key: Mapped[str] = mapped_column(String(80))
    body: Mapped[dict[str, Any]]  # services.handoff.model.Line, or {"keys": […], "digest"} of the outbox
    status: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    remote_id: Mapped[int | None] = mapped_column(BigInteger)
    again: Mapped[bool] = mapped_column(default=False)  # its writer did something to it: to be looked at
    created_at: Mapped[datetime]


class CareRow(Base):
    """What the citizen is told while they wait, and what they think of it afterwards. Times by the citizen's clock."""

    __tablename__ = "handoff_care"

    episode_id: Mapped[str] = mapped_column(ForeignKey("handoffs.id", ondelete="CASCADE"), primary_key=True)
    nobody_at: Mapped[datetime | None]  # from when "nobody yet" is counted, if not from the opening
    nobody_times: Mapped[int] = mapped_column(default=0)
    rate_at: Mapped[datetime | None]  # the question is due
    asked: Mapped[int] = mapped_column(default=0)  # how often it was tried
    asked_at: Mapped[datetime | None]  # the question was said
    rating: Mapped[int | None]  # 1..5
    words: Mapped[str | None] = mapped_column(Text)
    rated_at: Mapped[datetime | None]
    told: Mapped[bool] = mapped_column(default=True)  # the desk knows the rating


class TicketRow(Base):
    """A ticket left instead of waiting. `key` is the turn that left it; status: leaving | sent | unknown | refused."""

    __tablename__ = "handoff_tickets"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    contact_id: Mapped[str] = mapped_column(String(32), index=True)
    title: Mapped[str] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(10))
    folio: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]
