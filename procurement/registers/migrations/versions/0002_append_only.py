"""What is only ever added to cannot be changed, not even by a mistake in the program."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("register_edits", "budget_lines", "expert_draws", "evaluations")


def upgrade() -> None:
    op.execute(
        """
        create function refuse_change_of_record() returns trigger language plpgsql as $$
        begin
            raise exception 'table % is append-only', tg_table_name using errcode = 'restrict_violation';
        end $$
        """
    )
    for table in APPEND_ONLY:
        op.execute(
            f"create trigger {table}_append_only before update or delete or truncate on {table} "
            "for each statement execute function refuse_change_of_record()"
        )


def downgrade() -> None:
    raise NotImplementedError("registers only move forward: restore a backup instead")
