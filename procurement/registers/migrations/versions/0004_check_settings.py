"""How serious the office takes each rule of the studio's checks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLE = "studio_rule_settings"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_rule_settings")),
    )
    op.create_index(op.f("ix_studio_rule_settings_rule_id"), TABLE, ["rule", "id"])
    op.execute(
        f"create trigger {TABLE}_append_only before update or delete or truncate on {TABLE} "
        "for each statement execute function refuse_change_of_record()"
    )


def downgrade() -> None:
    raise NotImplementedError("registers only move forward: restore a backup instead")
