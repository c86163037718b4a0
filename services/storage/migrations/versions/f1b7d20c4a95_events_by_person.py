"""what happened with one person is asked for while they wait."""

from alembic import op

revision = "f1b7d20c4a95"
down_revision = "d4c0a91be372"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_analytics_events_person", "analytics_events", ["person", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_analytics_events_person", table_name="analytics_events")
