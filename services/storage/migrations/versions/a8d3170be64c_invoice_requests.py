"""invoices that were asked for in the chat."""

import sqlalchemy as sa
from alembic import op

revision = "a8d3170be64c"
down_revision = "5c0e7a91d3f2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invoice_requests",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("payment_id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("contract", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.String(length=10), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["payments.id"],
            name=op.f("fk_invoice_requests_payment_id_payments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_requests")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_invoice_requests_payment_id")),
    )
    with op.batch_alter_table("invoice_requests", schema=None) as batch_op:
        batch_op.create_index("ix_invoice_requests_due", ["state", "not_before"], unique=False)
        batch_op.create_index(batch_op.f("ix_invoice_requests_contact_id"), ["contact_id"], unique=False)


def downgrade() -> None:
    op.drop_table("invoice_requests")
