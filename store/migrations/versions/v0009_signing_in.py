"""How people sign in: at a provider, with a password to change, not any more; sessions that end when idle; failures."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from store.kinds import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _sessions(*more: sa.Column[Any]) -> None:
    op.create_table(
        "sessions",
        sa.Column("token_sha256", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, sa.ForeignKey("people.name", ondelete="CASCADE"), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        *more,
    )


def upgrade() -> None:
    """Everybody signs in again: of the sessions of before nobody knows when they were used last."""
    op.drop_table("sessions")
    with op.batch_alter_table("people") as people:
        people.alter_column("password_hash", existing_type=sa.Text(), nullable=True)
        for name in ("must_change_since", "disabled_at", "signed_in_at"):
            people.add_column(sa.Column(name, Instant))
        for name in ("issuer", "subject"):
            people.add_column(sa.Column(name, sa.Text))
        people.create_unique_constraint("people_outside", ["issuer", "subject"])
    _sessions(sa.Column("last_seen_at", Instant, nullable=False), sa.Column("hint", sa.Text))
    op.create_table(
        "failures",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("waited", sa.Integer, nullable=False),
        sa.Column("last_at", Instant, nullable=False),
        sa.Column("locked_until", Instant),
    )


def downgrade() -> None:
    """Take it back without those whom an older version would let in: who has no password, may sign in no more, or was
    given a password that opens nothing before it is changed.
    """
    op.drop_table("failures")
    op.drop_table("sessions")
    op.execute(
        "DELETE FROM people WHERE password_hash IS NULL OR disabled_at IS NOT NULL OR must_change_since IS NOT NULL"
    )
    with op.batch_alter_table("people") as people:
        people.drop_constraint("people_outside", type_="unique")
        for name in ("subject", "issuer", "signed_in_at", "disabled_at", "must_change_since"):
            people.drop_column(name)
        people.alter_column("password_hash", existing_type=sa.Text(), nullable=False)
    _sessions()
