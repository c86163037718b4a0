"""Payments, the webhooks that told of them, and their postings to the billing system's ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.base import Base, new_id


class PaymentRow(Base):
    """One reference asked for. Written before the gateway is called.

    `live_key` is contact and contract as long as the reference lives, then NULL: the database itself forbids a
    second live one for the same debt, whatever its amount or method. `checked_at` is when the gateway was last
    asked about it. `request_key` is the caller's idempotency key, freed when a reference ends
    unpaid. `received` maps gateway order ids to centavos that have arrived.
    """

    __tablename__ = "payments"
    __table_args__ = (
        Index("ix_payments_contract", "contract", "state"),
        Index("ix_payments_due", "state", "expires_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    request_key: Mapped[str | None] = mapped_column(String(128), unique=True)
    live_key: Mapped[str | None] = mapped_column(String(128), unique=True)
    contact_id: Mapped[str] = mapped_column(String(32), index=True)
    contract: Mapped[str] = mapped_column(String(10))
    method: Mapped[str] = mapped_column(String(10))
    amount_centavos: Mapped[int] = mapped_column(BigInteger)
    bills: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(10))  # services.payments.model.State
    reason: Mapped[str | None] = mapped_column(String(40))
    order_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    reference: Mapped[str | None] = mapped_column(String(64), index=True)
    details: Mapped[dict[str, Any]]
    received: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    busy_until: Mapped[datetime]
    expires_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]


class PaymentNoteRow(Base):
    """One line of a payment's history: what became of it, when, and why."""

    __tablename__ = "payment_notes"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    payment_id: Mapped[str] = mapped_column(ForeignKey("payments.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(20))  # a State, or posting_<status>, or a decision of a person
    reason: Mapped[str | None] = mapped_column(String(80))
    order_id: Mapped[str | None] = mapped_column(String(64))
    amount_centavos: Mapped[int | None] = mapped_column(BigInteger)


class ReviewRow(Base):
    """Something odd that a person must look into. `key` makes one odd thing one row, however often it is told.

    An operator writes `decision`; the worker carries it out and sets `closed_at`.
    """

    __tablename__ = "payment_reviews"
    __table_args__ = (Index("ix_payment_reviews_open", "closed_at", "decision"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    payment_id: Mapped[str] = mapped_column(ForeignKey("payments.id", ondelete="CASCADE"), index=True)
    posting_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(40))
    order_id: Mapped[str | None] = mapped_column(String(64))
    amount_centavos: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    opened_at: Mapped[datetime]
    decision: Mapped[str | None] = mapped_column(String(20))  # services.payments.reviews.Decision
    decided_by: Mapped[str | None] = mapped_column(String(80))
    note: Mapped[str | None] = mapped_column(String(400))
    decided_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class KeptRequestRow(Base):
    """A reference asked for while the gateway was down: offered, waiting (the citizen said yes), done or over."""

    __tablename__ = "kept_requests"

    contact_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    contract: Mapped[str] = mapped_column(String(10))
    method: Mapped[str] = mapped_column(String(10))
    amount_centavos: Mapped[int] = mapped_column(BigInteger)
    bills: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(10), index=True)
    created_at: Mapped[datetime]


class PaymentMarkRow(Base):
    """How far something has been read; e.g. `listed`: the gateway's changes are known up to that moment."""

    __tablename__ = "payment_marks"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime]


class PaymentEventRow(Base):
    """One webhook event, once. Its body is not kept: the order is asked for again."""

    __tablename__ = "payment_events"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    type: Mapped[str] = mapped_column(String(60))
    order_id: Mapped[str | None] = mapped_column(String(64))
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None] = mapped_column(index=True)


class PostingRow(Base):
    """One `cobrarReferencia`: due, posting, then posted, refused, unknown or manual. Never sent twice."""

    __tablename__ = "payment_postings"
    __table_args__ = (UniqueConstraint("payment_id", "reference"), Index("ix_postings_todo", "status", "not_before"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    payment_id: Mapped[str] = mapped_column(ForeignKey("payments.id", ondelete="CASCADE"))
    reference: Mapped[str] = mapped_column(String(64))
    amount_centavos: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
