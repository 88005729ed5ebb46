"""Tokens by which other systems, and the wall, read figures without a person; only their hashes are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.kinds import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tokens",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("departments", sa.Text),
        sa.Column("secret_sha256", sa.Text, nullable=False, unique=True),
        sa.Column("issued_by", sa.Text, nullable=False),
        sa.Column("issued_at", Instant, nullable=False),
        sa.Column("revoked_at", Instant),
    )


def downgrade() -> None:
    op.drop_table("tokens")
