"""Indexes for a million tasks and timers."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("drop index ix_user_task_open_candidates")
    op.execute(
        "create index ix_user_task_free_candidates on user_task using gin (candidates) where state = 'created' and assignee is null"
    )
    op.execute(
        "create index ix_user_task_open_due on user_task "
        "(coalesce(due, '9999-12-31 00:00:00+00'::timestamp with time zone), key) where state = 'created'"
    )


def downgrade() -> None:
    raise NotImplementedError("the engine only moves forward: restore a backup instead")
