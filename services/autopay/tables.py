"""Customers and cards at the gateway (never a card's number), who agreed to what, and each bill's run."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.base import Base, new_id


class AutopayCustomerRow(Base):
    """A contact as the gateway's customer."""

    __tablename__ = "autopay_customers"

    contact_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    customer_id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class AutopayCardRow(Base):
    """A card saved at the gateway: what may be shown of it. Removed here first, `forgotten_at` when also there."""

    __tablename__ = "autopay_cards"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    contact_id: Mapped[str] = mapped_column(String(32), index=True)
    customer_id: Mapped[str] = mapped_column(String(64))
    source_id: Mapped[str] = mapped_column(String(64), unique=True)
    brand: Mapped[str] = mapped_column(String(20))
    last4: Mapped[str] = mapped_column(String(4))
    exp_month: Mapped[int]
    exp_year: Mapped[int]
    is_default: Mapped[bool]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]


class AutopayPlanRow(Base):
    """A consent: its words, their version and its moment. `live_key` lets one contract have one active plan."""

    __tablename__ = "autopay_plans"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    contact_id: Mapped[str] = mapped_column(String(32), index=True)
    contract: Mapped[str] = mapped_column(String(10))
    live_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(10))  # services.autopay.model.PlanState
    cap_centavos: Mapped[int | None] = mapped_column(BigInteger)
    consent_version: Mapped[str] = mapped_column(String(20))
    consent_text: Mapped[str] = mapped_column(Text)
    consented_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    stopped_from: Mapped[str | None] = mapped_column(String(10))  # chat | portal | card
    looked_at: Mapped[datetime | None]


class AutopayRunRow(Base):
    """One bill of a plan: told, and charged or not. A bill has one run, ever."""

    __tablename__ = "autopay_runs"
    __table_args__ = (UniqueConstraint("contract", "bill"), Index("ix_autopay_runs_due", "state", "next_at"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    plan_id: Mapped[str] = mapped_column(ForeignKey("autopay_plans.id", ondelete="CASCADE"), index=True)
    contact_id: Mapped[str] = mapped_column(String(32))
    contract: Mapped[str] = mapped_column(String(10))
    bill: Mapped[str] = mapped_column(String(40))
    month: Mapped[str] = mapped_column(String(7))
    due: Mapped[date]
    amount_centavos: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10))  # services.autopay.model.RunState
    reason: Mapped[str | None] = mapped_column(String(40))
    tries: Mapped[int]
    next_at: Mapped[datetime]
    busy_until: Mapped[datetime]
    payment_id: Mapped[str | None] = mapped_column(String(32))
    told_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
