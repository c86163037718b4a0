"""tickets left instead of waiting for a person."""

import sqlalchemy as sa
from alembic import op

revision = "d4c0a91be372"
down_revision = "bcd1f0a7e5c2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handoff_tickets",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("folio", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_handoff_tickets")),
    )
    op.create_index(op.f("ix_handoff_tickets_contact_id"), "handoff_tickets", ["contact_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_handoff_tickets_contact_id"), table_name="handoff_tickets")
    op.drop_table("handoff_tickets")
