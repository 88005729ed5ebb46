"""What no dossier holds: satisfaction slips, indicators that people enter, faults of the software. All append-only.

On PostgreSQL slips, people asked and entered values of a unit are seen by the roles that see that unit, entered values
of the province by all; what was asked of all units together, faults, and what was refused of files, by those who see
the whole province, who alone write.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from store.kinds import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS: Final = "what was taken in is append-only"
_ALL: Final = "(SELECT dunghan_sees_all())"
_OWN: Final = "department = ANY ((SELECT dunghan_names())::text[])"
#: Table → whose rows a role sees beside those who see all; in the order in which they can be dropped, the last first.
POLICIES: Final = {
    "intakes": "false",
    "refused_rows": "false",
    "surveys": _OWN,
    "surveys_asked": _OWN,
    "entered": f"department IS NULL OR {_OWN}",
    "software_faults": "false",
    "fault_acts": "false",
}


def upgrade() -> None:
    _intakes()
    _surveys()
    _entered()
    _faults()
    for table in POLICIES:
        _append_only(table)
    if op.get_bind().dialect.name == "postgresql":
        for table, whose in POLICIES.items():
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY {table}_in_scope ON {table} USING ({_ALL} OR {whose}) WITH CHECK ({_ALL})")


def _key(name: str = "seq") -> sa.Column[int]:
    return sa.Column(name, SERIAL, primary_key=True, autoincrement=True)


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=nullable) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _of_intake(*, nullable: bool = False) -> sa.Column[int]:
    return sa.Column("intake_id", SERIAL, sa.ForeignKey("intakes.id"), nullable=nullable)


def _intakes() -> None:
    op.create_table(
        "intakes",
        _key("id"),
        *_texts("kind", "origin"),
        *_texts("origin_sha256", nullable=True),
        *_numbers("read", "new", "unchanged", "refused"),
        *_texts("by"),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_table("refused_rows", _key(), _of_intake(), *_texts("place", "reasons", "found", "raw"))


def _surveys() -> None:
    op.create_table(
        "surveys",
        _key(),
        _of_intake(),
        *_texts("survey", "slip", "answered_on"),
        *_texts("department", "field", "procedure", "code", "way", nullable=True),
        *_numbers("score"),
        *_texts("parts", nullable=True),
        sa.UniqueConstraint("survey", "slip", name="surveys_once"),
    )
    op.create_index("surveys_by_day", "surveys", ["answered_on"])
    op.create_table(
        "surveys_asked",
        _key(),
        _of_intake(),
        *_texts("survey", "from_on", "to_on"),
        *_texts("department", nullable=True),
        *_numbers("asked"),
    )


def _entered() -> None:
    op.create_table(
        "entered",
        _key(),
        _of_intake(nullable=True),
        *_texts("indicator", "from_on", "to_on"),
        *_texts("department", "value", nullable=True),
        *_texts("stated_by", "stated_on"),
        *_texts("note", nullable=True),
        *_texts("entered_by"),
        sa.Column("entered_at", Instant, nullable=False),
    )
    op.create_index("entered_by_indicator", "entered", ["indicator", "from_on"])


def _faults() -> None:
    op.create_table(
        "software_faults",
        _key(),
        *_texts("source", "vendor", "kind", "title"),
        *_texts("text", nullable=True),
        *_texts("reported_on", "recorded_by"),
        sa.Column("recorded_at", Instant, nullable=False),
    )
    op.create_index("software_faults_by_source", "software_faults", ["source"])
    op.create_table(
        "fault_acts",
        _key(),
        sa.Column("fault_seq", SERIAL, sa.ForeignKey("software_faults.seq"), nullable=False),
        *_texts("act", "on"),
        *_texts("text", nullable=True),
        *_texts("recorded_by"),
        sa.Column("recorded_at", Instant, nullable=False),
    )


def _append_only(table: str) -> None:
    """Refuse update and delete: what was taken in stays, a later row stands beside it."""
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
    for table in reversed(POLICIES):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")
