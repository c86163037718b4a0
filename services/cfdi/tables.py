"""Fiscal data with the consent it was given under, and the documents that were stamped."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.storage.base import Base, new_id


class FiscalDataRow(Base):
    """What invoices of a contract are made out to, for one contact. `sealed` is encrypted: it names a person."""

    __tablename__ = "fiscal_data"

    contact_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    contract: Mapped[str] = mapped_column(String(10), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    consent_text: Mapped[str] = mapped_column(Text)
    consented_at: Mapped[datetime]


class CfdiRow(Base):
    """One document: `I` the income of a bill (to be paid later), `P` one payment of it.

    A bill has one invoice and a payment one, whoever asks: the database forbids a second. `custom_id` goes with the
    request, so that asking again after a silence finds what was stamped. `payer` is a keyed hash of the RFC that it is
    made out to; until it is stamped, of the one that asked first.
    """

    __tablename__ = "cfdi"
    __table_args__ = (
        UniqueConstraint("contract", "bill", "kind", "payment_id"),
        Index("ix_cfdi_payment", "payment_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    contract: Mapped[str] = mapped_column(String(10))
    bill: Mapped[str] = mapped_column(String(40))  # the bill's number; of a payment document: empty
    payer: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(1))  # I | P
    payment_id: Mapped[str] = mapped_column(String(32))  # of an income document: empty
    total_centavos: Mapped[int] = mapped_column(BigInteger)
    paid_centavos: Mapped[int] = mapped_column(BigInteger, default=0)
    parts: Mapped[int] = mapped_column(default=0)  # payments laid on it so far
    custom_id: Mapped[str] = mapped_column(String(64), unique=True)
    uuid: Mapped[str | None] = mapped_column(String(36), unique=True)
    xml: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    stamped_at: Mapped[datetime | None]


class InvoiceRequestRow(Base):
    """Somebody who paid in the chat wants the invoice of that payment: one row a payment.

    asked (a link was given), due (data were given), done, again (to be sent once more), refused (by the SAT's list),
    otherwise (another RFC has it), failed (the PAC was down too long). `sealed` is what this request is made out to;
    it goes when nobody needs it any more. `copies` counts what was sent to the chat.
    """

    __tablename__ = "invoice_requests"
    __table_args__ = (Index("ix_invoice_requests_due", "state", "not_before"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    payment_id: Mapped[str] = mapped_column(ForeignKey("payments.id", ondelete="CASCADE"), unique=True)
    contact_id: Mapped[str] = mapped_column(String(32), index=True)
    contract: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(40))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    email: Mapped[str] = mapped_column(String(10))  # none | due | sending | sent | failed
    copies: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
