"""Supervision processes people start by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "matters",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("purchase_id", sa.Text(), nullable=True),
        sa.Column("contract_id", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Text(), nullable=True),
        sa.Column("agency_id", sa.Text(), nullable=True),
        sa.Column("starter", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("process_key", sa.BigInteger(), nullable=True),
        sa.Column("command_id", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("result_text", sa.Text(), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matters")),
        sa.UniqueConstraint("process_key", name=op.f("uq_matters_process_key")),
        sa.UniqueConstraint("starter", "command_id", name=op.f("uq_matters_starter_command_id")),
    )
    for columns in (
        ["opened_at", "id"],
        ["process_id", "opened_at"],
        ["purchase_id"],
        ["contract_id"],
        ["organisation_id"],
        ["agency_id"],
    ):
        op.create_index(op.f("ix_matters_" + "_".join(columns)), "matters", columns)


def downgrade() -> None:
    raise NotImplementedError("registers only move forward: restore a backup instead")
