"""Masked names and numbers by which an office recognises a dossier, where it keeps them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "masked",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("shown", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("masked")
