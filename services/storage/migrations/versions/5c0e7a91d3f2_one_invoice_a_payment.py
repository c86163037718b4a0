"""a payment and a bill have one invoice, whoever asks for it."""

import sqlalchemy as sa
from alembic import op

revision = "5c0e7a91d3f2"
down_revision = "f1b7d20c4a95"
branch_labels = None
depends_on = None

KEYS = ("contract", "bill", "kind", "payment_id")


def upgrade() -> None:
    cfdi = sa.table("cfdi", sa.column("id"), sa.column("uuid"), *(sa.column(name) for name in KEYS))
    other = cfdi.alias("other")
    same = sa.and_(*(other.c[name] == cfdi.c[name] for name in KEYS), other.c.id != cfdi.c.id)
    better = sa.or_(other.c.uuid.is_not(None), other.c.id < cfdi.c.id)
    unstamped = cfdi.c.uuid.is_(None), sa.exists().where(same, better)
    op.execute(sa.delete(cfdi).where(*unstamped))  # what was never stamped
    twice = op.get_bind().execute(sa.select(cfdi.c.id).where(sa.exists().where(same)).order_by(cfdi.c.id))
    if ids := list(twice.scalars()):  # nothing has changed yet: one transaction
        raise RuntimeError(f"stamped twice: have all but one cancelled with the SAT and delete them from cfdi: {ids}")
    with op.batch_alter_table("cfdi", schema=None) as batch_op:
        batch_op.drop_constraint("uq_cfdi_contract", type_="unique")
        batch_op.create_unique_constraint("uq_cfdi_contract", list(KEYS))


def downgrade() -> None:
    with op.batch_alter_table("cfdi", schema=None) as batch_op:
        batch_op.drop_constraint("uq_cfdi_contract", type_="unique")
        batch_op.create_unique_constraint("uq_cfdi_contract", ["contract", "bill", "payer", "kind", "payment_id"])
