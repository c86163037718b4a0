"""Which payments' receipts have been sent where."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.base import Base


class ReceiptRow(Base):
    """One receipt to deliver. The document itself is drawn from the payment whenever it is needed."""

    __tablename__ = "receipts"
    __table_args__ = (Index("ix_receipts_chat", "chat"), Index("ix_receipts_email", "email", "not_before"))

    payment_id: Mapped[str] = mapped_column(ForeignKey("payments.id", ondelete="CASCADE"), primary_key=True)
    chat: Mapped[str] = mapped_column(String(10))  # due | sent | none
    email: Mapped[str] = mapped_column(String(10))  # due | sending | sent | none | failed
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    created_at: Mapped[datetime]
