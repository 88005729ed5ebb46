"""A digest of every batch of entries that cannot be taken back, chained on the one before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "seals"

#: What stands there already is counted: nobody can say today whether it is as it was written.
_BEFORE = """
    INSERT INTO seals (kept, last, entries) SELECT '{0}', max(seq), count(*) FROM {0} HAVING count(*) > 0
"""


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("seq", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("kept", sa.Text, nullable=False),
        sa.Column("run_id", SERIAL, sa.ForeignKey("runs.id")),
        sa.Column("last", SERIAL, nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text),
    )
    for table in ("ledger", "steps", "reconciliations"):
        op.execute(_BEFORE.format(table))
    _append_only()


def _append_only() -> None:
    """Refuse update and delete, as on what is sealed."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
                "BEGIN SELECT RAISE(ABORT, 'the seals are append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {TABLE}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the seals are append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_append_only()"
    )


def downgrade() -> None:
    op.drop_table(TABLE)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {TABLE}_append_only()")
