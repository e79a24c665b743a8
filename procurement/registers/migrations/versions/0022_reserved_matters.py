"""Who may know of a matter while it runs, for visits nobody announces."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("matters", sa.Column("seen_by", ARRAY(sa.Text()), nullable=False, server_default="{}"))
    op.create_index(
        "ix_matters_reserved", "matters", ["process_key"], postgresql_where=sa.text("seen_by <> '{}' AND closed_at IS NULL")
    )


def downgrade() -> None:
    raise NotImplementedError("registers only move forward: restore a backup instead")
