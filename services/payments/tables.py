"""Payments, the webhooks that told of them, and their postings to the billing system's ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.base import Base, new_id


class PaymentRow(Base):
    """One reference asked for. Written before the gateway is called.

    `live_key` is contact, contract, method and amount as long as the reference lives, then NULL: the database
    itself forbids a second live one. `request_key` is the caller's idempotency key, freed when a reference ends
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
