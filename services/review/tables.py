"""Messages that were not understood, without anything that says who wrote them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.base import Base


class UnclearRow(Base):
    """One masked message. `key` is a digest of the turn: a replay writes nothing, and it leads to no contact."""

    __tablename__ = "unclear_messages"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(10))  # missed | offered | unsure
    ranking: Mapped[list[Any]]  # [{"name", "confidence"}], best first
    status: Mapped[str] = mapped_column(String(10), default="open")  # open | labelled | ignored
    label: Mapped[str | None] = mapped_column(String(40))
    written: Mapped[str | None] = mapped_column(Text)  # the line that went into data/nlu, for undoing
    seen_at: Mapped[datetime] = mapped_column(index=True)
    settled_at: Mapped[datetime | None]
