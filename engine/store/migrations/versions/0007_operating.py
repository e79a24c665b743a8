"""What operators look for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    running = sa.text("state in ('active', 'incident')")
    op.create_index(
        "ix_process_instance_running_definition", "process_instance", ["definition_key", "key"], postgresql_where=running
    )
    op.create_index("ix_element_instance_running", "element_instance", ["instance_key"], postgresql_where=running)
    op.create_index("ix_element_instance_ended_at", "element_instance", ["ended_at"], postgresql_using="brin")
    op.create_index("ix_user_task_ended_at", "user_task", ["ended_at"], postgresql_using="brin")
    unfinished = sa.text("state in ('created', 'activated', 'failed')")
    op.create_index("ix_job_unfinished", "job", ["type", "key"], postgresql_where=unfinished)


def downgrade() -> None:
    raise NotImplementedError("the engine only moves forward: restore a backup instead")
