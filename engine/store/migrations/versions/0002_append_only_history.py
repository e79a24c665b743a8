"""Keys come in blocks from one sequence; history and command answers cannot be changed, not even by a mistake."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create sequence engine_key as bigint start 1000 increment 1000")
    op.execute(
        """
        create function refuse_change_of_history() returns trigger language plpgsql as $$
        begin
            raise exception 'table % is append-only', tg_table_name using errcode = 'restrict_violation';
        end $$
        """
    )
    for table in ("history", "deployment", "resource", "definition"):
        op.execute(
            f"create trigger {table}_append_only before update or delete or truncate on {table} "
            "for each statement execute function refuse_change_of_history()"
        )
    # the chain of what belongs to no case: deployments, moves of the demo's clock
    op.execute("insert into instance_state (root_key, version, snapshot, seq, hash) values (0, 0, '', 0, '')")


def downgrade() -> None:
    raise NotImplementedError("the engine only moves forward: restore a backup instead")
