"""The terms of each source, the rules in use, and the source's stamps apart from what it said under them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.kinds import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

#: Until now a stamp without a change overwrote the stamp of the state; the ledger still has it.
_STAMP_OF_THE_STATE = """
    UPDATE dossiers SET stamped_at = changed_at, changed_at = (
        SELECT happened_at FROM ledger
        WHERE ledger.source = dossiers.source AND ledger.code = dossiers.code ORDER BY ledger.seq DESC LIMIT 1
    )
"""


def upgrade() -> None:
    op.add_column("sources", sa.Column("terms", sa.Text))
    op.add_column("sources", sa.Column("stamped_at", Instant))
    op.add_column("dossiers", sa.Column("stamped_at", Instant))
    op.create_index("ledger_by_part", "ledger", ["part"])
    op.create_table(
        "rulebooks",
        sa.Column("version", sa.Text, primary_key=True),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("first_used_at", Instant, nullable=False),
    )
    op.create_table(
        "corrections",
        sa.Column("seq", SERIAL, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("source", "code")),
        sa.Column("due_at", Instant, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("reason", "recorded_by")),
        sa.Column("recorded_at", Instant, nullable=False),
    )
    op.create_index("corrections_by_dossier", "corrections", ["source", "code"])
    op.execute(_STAMP_OF_THE_STATE)


def downgrade() -> None:
    op.execute("UPDATE dossiers SET changed_at = stamped_at")
    op.drop_table("corrections")
    op.drop_table("rulebooks")
    op.drop_index("ledger_by_part", "ledger")
    op.drop_column("dossiers", "stamped_at")
    op.drop_column("sources", "stamped_at")
    op.drop_column("sources", "terms")
