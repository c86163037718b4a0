"""Contacts, their aliases and their linked contracts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.base import Base, new_id


class ContactRow(Base):
    """A person as one channel account; Rasa's `sender_id`."""

    __tablename__ = "contacts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    channel: Mapped[str] = mapped_column(String(20))
    register: Mapped[str] = mapped_column(String(5), default="usted")  # usted | tu
    active_contract: Mapped[str | None] = mapped_column(String(10))
    created_at: Mapped[datetime]


class AliasRow(Base):
    """An address a contact is known by. `value` is normalised for look-up, `original` is what to answer to."""

    __tablename__ = "contact_aliases"
    __table_args__ = (UniqueConstraint("kind", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))  # phone | bsuid | parent | web
    value: Mapped[str] = mapped_column(String(160))
    original: Mapped[str] = mapped_column(String(160))
    seen_at: Mapped[datetime]


class LinkedContractRow(Base):
    """A contract the contact follows, with the name they gave it ("casa", "local de mi mamá")."""

    __tablename__ = "linked_contracts"
    __table_args__ = (UniqueConstraint("contact_id", "contract"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    contract: Mapped[str] = mapped_column(String(10))
    nickname: Mapped[str | None] = mapped_column(String(40))
    linked_at: Mapped[datetime]
