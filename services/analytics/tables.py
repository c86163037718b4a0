"""Events. No name, phone, contract, text or contact id is in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.base import Base


class AnalyticsRow(Base):
    """One thing that happened. `key` makes a replayed turn count once; `person` is a keyed hash of the contact."""

    __tablename__ = "analytics_events"
    __table_args__ = (Index("ix_analytics_events_at", "at"), Index("ix_analytics_events_person", "person", "at"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    at: Mapped[datetime]
    person: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(60))
    detail: Mapped[str | None] = mapped_column(String(60))
    value: Mapped[float | None]


class SinkRow(Base):
    """How far a sink outside has got with the events, and until when somebody is sending to it."""

    __tablename__ = "analytics_sinks"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    after: Mapped[int]  # the last event that went
    busy_until: Mapped[datetime | None]
