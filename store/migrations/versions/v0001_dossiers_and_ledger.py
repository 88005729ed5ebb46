"""Dossiers, the ledger of what was observed, runs, quarantine, people."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from store.kinds import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTS = (
    "other_code", "status", "procedure", "procedure_name", "field", "department", "receiving_unit", "level",
    "channel", "applicant_kind", "step", "handler",
)  # fmt: skip
STAMPS = ("submitted_at", "received_at", "due_at", "resolved_at", "returned_at", "rejected_at", "changed_at")


def observed() -> list[sa.Column[Any]]:
    return [
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text, nullable=name != "status") for name in TEXTS),
        *(sa.Column(name, Instant) for name in STAMPS),
        sa.Column("suspensions", sa.Text),
        sa.Column("extensions", sa.Text),
    ]


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        sa.Column("cadence_minutes", sa.Integer),
        sa.Column("cursor", sa.Text),
    )
    op.create_table(
        "runs",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("source", sa.Text, sa.ForeignKey("sources.name"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("origin_sha256", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("finished_at", Instant),
        *(
            sa.Column(name, sa.Integer, nullable=False, server_default="0")
            for name in ("read", "new", "changed", "unchanged", "merged", "quarantined")
        ),
        sa.Column("cursor", sa.Text),
        sa.Column("error", sa.Text),
    )
    op.create_index("runs_by_source", "runs", ["source", "id"])
    op.create_table(
        "dossiers",
        *observed(),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("versions", sa.Integer, nullable=False),
        sa.Column("first_seen_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("source", "code"),
    )
    op.create_index("dossiers_by_part", "dossiers", ["part"])
    op.create_index("dossiers_by_other_code", "dossiers", ["other_code"])
    op.create_table(
        "ledger",
        sa.Column("seq", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("run_id", SERIAL, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("change", sa.Text, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("happened_at", Instant),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("part_before", sa.Text),
        *observed(),
    )
    op.create_index("ledger_by_dossier", "ledger", ["source", "code", "seq"])
    op.create_table(
        "quarantine",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("run_id", SERIAL, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("code", sa.Text),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("found", sa.Text, nullable=False),
        sa.Column("raw", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("last_seen_at", Instant, nullable=False),
        sa.Column("mended_at", Instant),
        sa.UniqueConstraint("source", "fingerprint"),
    )
    op.create_table(
        "people",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("departments", sa.Text),
        sa.Column("password_hash", sa.Text, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("token_sha256", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, sa.ForeignKey("people.name", ondelete="CASCADE"), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
    )
    _append_only()


def _append_only() -> None:
    """Refuse update and delete on the ledger: what was seen stays seen."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER ledger_no_{verb.lower()} BEFORE {verb} ON ledger "
                "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"
    )


def downgrade() -> None:
    for table in ("sessions", "people", "quarantine", "ledger", "dossiers", "runs", "sources"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION ledger_append_only()")
