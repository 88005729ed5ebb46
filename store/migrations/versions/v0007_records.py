"""What people record beside a dossier, who did what and when; and corrections, guarded and sealed like them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.kinds import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: Table → what a refused change of it is told.
GUARDED = {
    "corrections": "corrections are append-only",
    "records": "what was recorded is append-only",
    "audit": "the audit log is append-only",
}
#: What stands there already is counted: nobody can say today whether it is as it was written.
_BEFORE = """
    INSERT INTO seals (kept, last, entries) SELECT 'corrections', max(seq), count(*) FROM corrections
    WHERE seq > (SELECT coalesce(max(last), 0) FROM seals WHERE kept = 'corrections') HAVING count(*) > 0
"""


def upgrade() -> None:
    op.create_table(
        "records",
        sa.Column("seq", SERIAL, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("source", "code", "kind")),
        *(sa.Column(name, sa.Text) for name in ("cause", "text", "number")),
        *(sa.Column(name, Instant) for name in ("issued_at", "due_at")),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
    )
    op.create_index("records_by_dossier", "records", ["source", "code"])
    op.create_table(
        "audit",
        sa.Column("seq", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("at", Instant, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("person", "act")),
        *(sa.Column(name, sa.Text) for name in ("what", "detail")),
    )
    op.create_index("audit_by_person", "audit", ["person"])
    op.execute(_BEFORE)
    for table, words in GUARDED.items():
        _append_only(table, words)


def _append_only(table: str, words: str) -> None:
    """Refuse update and delete: what was written stays, a later entry takes its place."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{words}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def downgrade() -> None:
    """Take all of it back; corrections stay, without their guard, and their seals stay in the chain."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in ("records", "audit"):
        op.drop_table(table)
    for trigger in ("corrections_no_update", "corrections_no_delete") if sqlite else ():
        op.execute(f"DROP TRIGGER {trigger}")
    if not sqlite:
        op.execute("DROP TRIGGER corrections_no_change ON corrections")
        for table in GUARDED:
            op.execute(f"DROP FUNCTION {table}_append_only()")
