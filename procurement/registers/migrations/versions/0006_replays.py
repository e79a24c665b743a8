"""Replays of past cases on drafts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "studio_replays",
        sa.Column("key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("draft_key", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("assumed", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["draft_key"], ["studio_drafts.key"], name=op.f("fk_studio_replays_draft_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_studio_replays")),
    )
    op.create_index(op.f("ix_studio_replays_draft_key_key"), "studio_replays", ["draft_key", "key"])
    op.create_table(
        "studio_replayed",
        sa.Column("replay_key", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["replay_key"], ["studio_replays.key"], name=op.f("fk_studio_replayed_replay_key")),
        sa.PrimaryKeyConstraint("replay_key", "position", name=op.f("pk_studio_replayed")),
    )


def downgrade() -> None:
    op.drop_table("studio_replayed")
    op.drop_index(op.f("ix_studio_replays_draft_key_key"), "studio_replays")
    op.drop_table("studio_replays")
