"""What goes out: reports that were issued, mail, turns of the worker, alerts and urging slips; where people get mail.

What was issued is append-only. On PostgreSQL rows that are about one unit are seen by the roles that see that unit.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from store.kinds import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("ended_at IS NULL")
GUARDED: Final = ("papers", "restatements", "edition_acts", "urgings", "urging_answers")
WORDS: Final = "what was issued is append-only"
_ALL, _NAMES = "(SELECT dunghan_sees_all())", "((SELECT dunghan_names())::text[])"
_OF_EDITION: Final = "EXISTS (SELECT FROM editions AS e WHERE e.id = {table}.edition_id)"
#: Table → whose rows a role sees beside those who see all.
POLICIES: Final = {
    "editions": f"department = ANY ({_NAMES})",
    **{table: _OF_EDITION.format(table=table) for table in ("papers", "restatements", "edition_acts")},
    "outbox": "false",
    "alerts": f"department = ANY ({_NAMES})",
    "urgings": f"department = ANY ({_NAMES})",
    "urging_answers": "EXISTS (SELECT FROM urgings AS u WHERE u.seq = urging_answers.urging_seq)",
}


def upgrade() -> None:
    op.add_column("people", sa.Column("mail", sa.Text))
    _reports()
    _mail_and_turns()
    _alerts_and_urgings()
    for table in GUARDED:
        _append_only(table)
    if op.get_bind().dialect.name == "postgresql":
        for table, whose in POLICIES.items():
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY {table}_in_scope ON {table} USING ({_ALL} OR {whose})")


def _key(name: str = "id") -> sa.Column[int]:
    return sa.Column(name, SERIAL, primary_key=True, autoincrement=True)


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=nullable) for name in names]


def _of_edition(*, nullable: bool = False) -> sa.Column[int]:
    return sa.Column("edition_id", SERIAL, sa.ForeignKey("editions.id"), nullable=nullable)


def _reports() -> None:
    op.create_table(
        "editions",
        _key(),
        *_texts("kind", "department", "period_start", "period_end", "issue_on", "state"),
        sa.Column("claimed_at", Instant, nullable=False),
        *_texts("data_version", nullable=True),
        sa.Column("ledger_seq", SERIAL),
        sa.Column("known_at", Instant),
        *_texts("draft", "held", "remark", "caveat", "approved_by", nullable=True),
        sa.Column("approved_at", Instant),
        sa.Column("number", sa.Integer),
        sa.Column("year", sa.Integer),
        sa.Column("issued_at", Instant),
        sa.UniqueConstraint("kind", "department", "period_start", name="editions_once"),
        sa.UniqueConstraint("year", "number", name="editions_numbered"),
    )
    op.create_table(
        "papers",
        _key("seq"),
        _of_edition(),
        *_texts("form", "name", "sha256", "content"),
        sa.UniqueConstraint("edition_id", "form", name="papers_once"),
    )
    op.create_table(
        "restatements",
        _key("seq"),
        _of_edition(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("found_at", Instant, nullable=False),
        *_texts("data_version", "told"),
        sa.UniqueConstraint("edition_id", "number", name="restatements_once"),
    )
    op.create_table(
        "edition_acts",
        _key("seq"),
        _of_edition(),
        *_texts("act", "by"),
        sa.Column("at", Instant, nullable=False),
        *_texts("detail", nullable=True),
    )


def _mail_and_turns() -> None:
    op.create_table(
        "outbox",
        _key(),
        *(sa.Column(name, sa.Text, nullable=False, unique=True) for name in ("key", "message_id")),
        *_texts("about"),
        _of_edition(nullable=True),
        *_texts("department", nullable=True),
        *_texts("channel", "recipient", "subject", "body", "attached", "state"),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("put_at", Instant, nullable=False),
        *(sa.Column(name, Instant) for name in ("next_at", "begun_at", "ended_at")),
        *_texts("reply", nullable=True),
    )
    op.create_index("outbox_by_state", "outbox", ["state"])
    op.create_table(
        "turns",
        sa.Column("job", sa.Text, primary_key=True),
        *(sa.Column(name, Instant) for name in ("last_due_at", "begun_at", "ended_at")),
        *_texts("outcome", "detail", nullable=True),
        sa.Column("next_due_at", Instant),
    )


def _alerts_and_urgings() -> None:
    op.create_table(
        "alerts",
        _key(),
        *_texts("rule", "subject"),
        *_texts("department", "source", "code", nullable=True),
        *_texts("state"),
        sa.Column("level", sa.Integer, nullable=False),
        *_texts("detail", nullable=True),
        sa.Column("raised_at", Instant, nullable=False),
        sa.Column("level_at", Instant, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("told_at", Instant),
        *_texts("acknowledged_by", nullable=True),
        sa.Column("acknowledged_at", Instant),
        *_texts("note", nullable=True),
        sa.Column("ended_at", Instant),
    )
    op.create_index("alerts_by_dossier", "alerts", ["source", "code"])
    op.create_index(
        "alerts_open_once", "alerts", ["rule", "subject"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_table(
        "urgings",
        _key("seq"),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("number", "year")),
        *_texts("department", "asked", "answer_by", "dossiers", "made_by"),
        sa.Column("made_at", Instant, nullable=False),
        sa.UniqueConstraint("year", "number", name="urgings_numbered"),
    )
    op.create_table(
        "urging_answers",
        _key("seq"),
        sa.Column("urging_seq", SERIAL, sa.ForeignKey("urgings.seq"), nullable=False),
        *_texts("answer", "answered_by"),
        sa.Column("answered_at", Instant, nullable=False),
    )


def _append_only(table: str) -> None:
    """Refuse update and delete: what was issued stays, a later entry stands beside it."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def downgrade() -> None:
    for table in ("urging_answers", "urgings", "alerts", "turns", "outbox", "edition_acts", "restatements", "papers"):
        op.drop_table(table)
    op.drop_table("editions")
    if op.get_bind().dialect.name == "postgresql":
        for table in GUARDED:
            op.execute(f"DROP FUNCTION {table}_append_only()")
    with op.batch_alter_table("people") as people:
        people.drop_column("mail")
