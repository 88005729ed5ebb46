"""An issued report's own row never changes, and on PostgreSQL only who sees the whole province writes of reports.

The app approves; that a report is issued, only the worker says. Slips are made for the whole province; an answer is
held by 0012 to the slips that its writer sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WORDS: Final = "what was issued is append-only"
_ALL: Final = "(SELECT dunghan_sees_all())"
_SEEN: Final = f"({_ALL} OR department = ANY ((SELECT dunghan_names())::text[]))"
#: Table → what a row has to be that a role under policies writes.
WRITTEN: Final = {"editions": f"{_ALL} AND state <> 'issued'", "urgings": _ALL}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER editions_no_{verb.lower()} BEFORE {verb} ON editions WHEN OLD.state = 'issued' "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION editions_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$"
    )
    # Nobody empties the table either: papers name its rows, and theirs is refused.
    op.execute(
        "CREATE TRIGGER editions_no_change BEFORE UPDATE OR DELETE ON editions "
        "FOR EACH ROW WHEN (OLD.state = 'issued') EXECUTE FUNCTION editions_append_only()"
    )
    _checked(WRITTEN)


def _checked(written: Mapping[str, str]) -> None:
    for table, row in written.items():
        op.execute(f"ALTER POLICY {table}_in_scope ON {table} WITH CHECK ({row})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER editions_no_{verb}")
        return
    op.execute("DROP TRIGGER editions_no_change ON editions")
    op.execute("DROP FUNCTION editions_append_only()")
    _checked(dict.fromkeys(WRITTEN, _SEEN))
