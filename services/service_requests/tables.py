"""Requests, written before anybody is asked for a folio."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.base import Base, new_id


class ServiceRequestRow(Base):
    """One report. `key` makes a turn that is replayed, or a tap that comes twice, the same report."""

    __tablename__ = "service_requests"
    __table_args__ = (Index("ix_service_requests_of", "contact_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    contact_id: Mapped[str] = mapped_column(String(32))
    contract: Mapped[str | None] = mapped_column(String(10))
    zone: Mapped[int | None]
    fault: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(Text)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    media: Mapped[list[Any]]
    urgent: Mapped[bool]
    status: Mapped[str] = mapped_column(String(10))  # new | sending | sent | unknown | refused
    system: Mapped[str] = mapped_column(String(10))  # aquasis | agora
    folio: Mapped[str | None] = mapped_column(String(20), index=True)
    created_at: Mapped[datetime]
