"""waiting for a person, and rating them."""

import sqlalchemy as sa
from alembic import op

revision = "bcd1f0a7e5c2"
down_revision = "599a663369ee"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handoff_care",
        sa.Column("episode_id", sa.String(length=32), nullable=False),
        sa.Column("nobody_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nobody_times", sa.Integer(), nullable=False),
        sa.Column("rate_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["episode_id"],
            ["handoffs.id"],
            name=op.f("fk_handoff_care_episode_id_handoffs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("episode_id", name=op.f("pk_handoff_care")),
    )


def downgrade() -> None:
    op.drop_table("handoff_care")
