"""Steps as sources tell them, what vanished, what a run noticed, and the papers and fees of a dossier."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from store.kinds import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NUMBERS = ("fee", "components", "components_digitised", "components_reused", "results")
WORDS = ("payment", "returned_by")
ADDED: dict[str, dict[str, sa.types.TypeEngine[Any]]] = {
    "runs": {"notes": sa.Text()},
    "sources": {"swept_at": Instant()},
    "dossiers": {"missing_since": Instant(), "gone_at": Instant()},
}
OBSERVED: dict[str, sa.types.TypeEngine[Any]] = {n: sa.BigInteger() for n in NUMBERS} | {w: sa.Text() for w in WORDS}


def upgrade() -> None:
    for table, columns in (*ADDED.items(), ("dossiers", OBSERVED), ("ledger", OBSERVED)):
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind))
    op.create_table(
        "steps",
        sa.Column("seq", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("run_id", SERIAL, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("source", "code")),
        *(sa.Column(name, sa.Text) for name in ("step", "handler", "unit", "state")),
        *(sa.Column(name, Instant) for name in ("started_at", "due_at", "ended_at")),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.UniqueConstraint("source", "fingerprint"),
    )
    op.create_index("steps_by_dossier", "steps", ["source", "code"])
    _append_only()


def _append_only() -> None:
    """Refuse update and delete, as on the ledger: what was told stays told."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER steps_no_{verb.lower()} BEFORE {verb} ON steps "
                "BEGIN SELECT RAISE(ABORT, 'the steps are append-only'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER steps_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON steps "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"
    )


def downgrade() -> None:
    op.drop_table("steps")
    for table, columns in (*ADDED.items(), ("dossiers", OBSERVED), ("ledger", OBSERVED)):
        for name in columns:
            op.drop_column(table, name)
