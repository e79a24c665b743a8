"""The studio's drafts, their files and every saved version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
DRAFT, CONTENT = "studio_drafts.key", "studio_contents.sha256"


def upgrade() -> None:
    op.create_table(
        "studio_contents",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_studio_contents")),
    )
    op.create_table(
        "studio_drafts",
        sa.Column("key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_studio_drafts")),
    )
    op.create_index(op.f("ix_studio_drafts_state_folder"), "studio_drafts", ["state", "folder"])
    op.create_table(
        "studio_draft_files",
        sa.Column("draft_key", sa.BigInteger(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("base_sha256", sa.Text(), nullable=True),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["draft_key"], [DRAFT], name=op.f("fk_studio_draft_files_draft_key")),
        sa.PrimaryKeyConstraint("draft_key", "path", name=op.f("pk_studio_draft_files")),
    )
    op.create_table(
        "studio_edits",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("draft_key", sa.BigInteger(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["draft_key"], [DRAFT], name=op.f("fk_studio_edits_draft_key")),
        sa.ForeignKeyConstraint(["sha256"], [CONTENT], name=op.f("fk_studio_edits_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_edits")),
    )
    op.create_index(op.f("ix_studio_edits_draft_key_path_id"), "studio_edits", ["draft_key", "path", "id"])
    op.create_table(
        "studio_shelf",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], [CONTENT], name=op.f("fk_studio_shelf_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_shelf")),
    )
    op.create_index(op.f("ix_studio_shelf_path_id"), "studio_shelf", ["path", "id"])
    op.create_table(
        "studio_presence",
        sa.Column("draft_key", sa.BigInteger(), nullable=False),
        sa.Column("window_id", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["draft_key"], [DRAFT], name=op.f("fk_studio_presence_draft_key")),
        sa.PrimaryKeyConstraint("draft_key", "window_id", name=op.f("pk_studio_presence")),
    )
    for table in ("studio_contents", "studio_edits", "studio_shelf"):
        op.execute(
            f"create trigger {table}_append_only before update or delete or truncate on {table} "
            "for each statement execute function refuse_change_of_record()"
        )


def downgrade() -> None:
    raise NotImplementedError("registers only move forward: restore a backup instead")
