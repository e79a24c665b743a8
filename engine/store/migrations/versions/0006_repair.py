"""Suspended cases, and batches of migrations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SUSPENDED = ("user_task", "job", "message_subscription")


def upgrade() -> None:
    op.add_column("process_instance", sa.Column("suspended_at", sa.DateTime(timezone=True)))
    op.add_column("process_instance", sa.Column("suspended_by", sa.Text()))
    op.add_column("process_instance", sa.Column("suspended_reason", sa.Text()))
    for table in SUSPENDED:
        op.add_column(table, sa.Column("suspended", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.drop_index("ix_job_available", "job")
    available = sa.text("state in ('created', 'activated') and not is_effect and not suspended")
    op.create_index("ix_job_available", "job", ["type", "available_at", "key"], postgresql_where=available)
    _batches()
    _undo()


def _batches() -> None:
    op.create_table(
        "batch_operation",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("target_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_batch_operation")),
    )
    op.create_table(
        "batch_item",
        sa.Column("batch_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("batch_key", "instance_key", name=op.f("pk_batch_item")),
    )
    op.create_index(op.f("ix_batch_item_batch_key_state_instance_key"), "batch_item", ["batch_key", "state", "instance_key"])


def _undo() -> None:
    op.create_table(
        "migration_undo",
        sa.Column("root_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("target_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("root_key", "version", name=op.f("pk_migration_undo")),
    )


def downgrade() -> None:
    raise NotImplementedError("the engine only moves forward: restore a backup instead")
