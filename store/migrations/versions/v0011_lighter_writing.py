"""What made every row dearer to write than it was worth to read.

On PostgreSQL a foreign key asks once for every row: half of what an entry of the ledger cost, to hear of one and the
same run that the same transaction had opened. ``dunghan store verify`` looks for entries without a run. Rows of
``dossiers`` get room beside them, so that a changed one is written where it is and its indexes stay. Hardly any
dossier has a second code: those without need no place in its index.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INDEX = "dossiers_by_other_code"


def upgrade() -> None:
    op.drop_index(INDEX, table_name="dossiers")
    named = sa.text("other_code IS NOT NULL")
    op.create_index(INDEX, "dossiers", ["other_code"], sqlite_where=named, postgresql_where=named)
    if op.get_bind().dialect.name == "postgresql":
        for table in ("ledger", "steps"):
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_run_id_fkey")
        op.execute("ALTER TABLE dossiers SET (fillfactor = 85)")


def downgrade() -> None:
    op.drop_index(INDEX, table_name="dossiers")
    op.create_index(INDEX, "dossiers", ["other_code"])
    if op.get_bind().dialect.name == "postgresql":
        for table in ("ledger", "steps"):
            op.create_foreign_key(f"{table}_run_id_fkey", table, "runs", ["run_id"], ["id"])
        op.execute("ALTER TABLE dossiers RESET (fillfactor)")
