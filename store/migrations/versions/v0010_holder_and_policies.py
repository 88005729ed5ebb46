"""With whom a dossier lies now; and on PostgreSQL, which rows of dossiers a role that does not own the tables sees.

A transaction says in ``dunghan.departments`` whom it asks for (store.database.see): nothing said, nothing seen. The
owner of the tables, and a role that bypasses row-level security, go on as before (docs/postgresql-roles.md).
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

#: Statuses of a dossier that somebody has on the desk (metrics.dossier.UNFINISHED).
UNFINISHED: Final = ("accepted", "paused", "payment", "processing", "submitted", "supplement")
_HELD: Final = f"status IN ({', '.join(repr(status) for status in UNFINISHED)})"
#: Evaluated once a question, not once a row.
_ALL, _NAMES = "(SELECT dunghan_sees_all())", "((SELECT dunghan_names())::text[])"
#: Table → whose rows a role sees.
POLICIES: Final = {
    "dossiers": f"department = ANY ({_NAMES}) OR ({_HELD} AND CASE WHEN holding_unit IS NULL "
    f"THEN dunghan_runs_at(source, code, {_NAMES}) ELSE holding_unit = ANY ({_NAMES}) END)",
    **{
        table: f"EXISTS (SELECT FROM dossiers AS d WHERE d.source = {table}.source AND d.code = {table}.code)"
        for table in ("ledger", "steps", "corrections", "records", "masked")
    },
    "reconciliations": "EXISTS (SELECT FROM dossiers AS d WHERE d.source IN (reconciliations.source_a, "
    "reconciliations.source_b) AND d.code = reconciliations.code)",
    "quarantine": "false",  # whose a refused row is, nobody knows
}
FUNCTIONS: Final = {
    "dunghan_sees_all()": "RETURNS boolean LANGUAGE sql STABLE AS "
    "$$ SELECT coalesce(current_setting('dunghan.departments', true) = 'null', false) $$",
    "dunghan_names()": "RETURNS text[] LANGUAGE sql STABLE AS "
    "$$ SELECT CASE WHEN said LIKE '[%' THEN ARRAY(SELECT jsonb_array_elements_text(said::jsonb)) ELSE '{}' END "
    "FROM (SELECT current_setting('dunghan.departments', true) AS said) AS told $$",
    # As its owner: the steps of a dossier are seen through the dossier. It tells no more than yes or no.
    "dunghan_runs_at(of_source text, of_code text, names text[])": "RETURNS boolean LANGUAGE sql STABLE SECURITY "
    "DEFINER AS $$ SELECT coalesce((SELECT unit = ANY (names) FROM (SELECT DISTINCT ON (started_at, step) * "
    "FROM steps WHERE source = of_source AND code = of_code AND started_at IS NOT NULL "
    "ORDER BY started_at, step, seq DESC) AS told "
    "WHERE ended_at IS NULL ORDER BY started_at DESC, seq DESC LIMIT 1), false) $$",
}


def upgrade() -> None:
    for table in ("dossiers", "ledger"):
        op.add_column(table, sa.Column("holding_unit", sa.Text))
    if op.get_bind().dialect.name == "postgresql":
        _row_level_security()


def _row_level_security() -> None:
    schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
    for name, does in FUNCTIONS.items():
        head, body = does.split(" AS ", 1)
        op.execute(f"CREATE FUNCTION {name} {head} SET search_path = {schema}, pg_temp AS {body}")
    for table, whose in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_in_scope ON {table} USING ({_ALL} OR {whose})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in POLICIES:
            op.execute(f"DROP POLICY {table}_in_scope ON {table}")
            op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION {name.partition('(')[0]}")
    for table in ("dossiers", "ledger"):
        op.drop_column(table, "holding_unit")
