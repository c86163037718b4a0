"""how far Matomo has got with the events."""

import sqlalchemy as sa
from alembic import op

revision = "7a3d9e15c8b4"
down_revision = "a8d3170be64c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "analytics_sinks",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("busy_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_analytics_sinks")),
    )


def downgrade() -> None:
    op.drop_table("analytics_sinks")
