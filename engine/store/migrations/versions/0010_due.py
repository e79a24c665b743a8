"""Tasks found by the time they were due, for figures of deadlines over years."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_user_task_due", "user_task", ["due"], postgresql_using="brin")


def downgrade() -> None:
    raise NotImplementedError("the engine only moves forward: restore a backup instead")
