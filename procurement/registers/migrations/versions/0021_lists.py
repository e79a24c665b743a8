"""Lists of ten years: what is published by kind and end, purchases by community."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_notices_kind_until"), "notices", ["kind", "until"])
    op.create_index(op.f("ix_purchases_community"), "purchases", ["community"])


def downgrade() -> None:
    raise NotImplementedError("registers only move forward: restore a backup instead")
