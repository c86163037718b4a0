"""Evidence, codes, and the attempts that limits and locks count."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.base import Base, new_id


class EvidenceRow(Base):
    """What a contact has proved for a contract, and until when."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("contact_id", "contract", "level"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    contact_id: Mapped[str] = mapped_column(String(32))
    contract: Mapped[str] = mapped_column(String(10))
    level: Mapped[str] = mapped_column(String(10))
    method: Mapped[str] = mapped_column(String(20))  # number | whatsapp | phone | email | sms_code | email_code
    obtained_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class CodeRow(Base):
    """A one-time code. Only its keyed hash is kept."""

    __tablename__ = "codes"
    __table_args__ = (Index("ix_codes_live", "contact_id", "contract", "status"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    contact_id: Mapped[str] = mapped_column(String(32))
    contract: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(10))  # sms | email
    masked: Mapped[str] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(10))  # live | used | replaced | locked
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AttemptRow(Base):
    """One countable event: a contract looked up, an unknown number, a wrong contact, a code sent."""

    __tablename__ = "identity_attempts"
    __table_args__ = (Index("ix_identity_attempts_count", "contact_id", "kind", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    contact_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(10))  # the contract, or empty
    at: Mapped[datetime]
